// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/writing.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "base/translation.hpp"

namespace gbrs::plugin {
namespace {

Expected<void> gimp_failure(const char* sentence) {
  const char* const words = gimp_pdb_get_last_error(gimp_get_pdb());
  return failure(ErrorCode::internal,
                 words != nullptr && *words != '\0' ? formatted("%s %s", sentence, words) : sentence);
}

bool makes_layer(Output output) { return output == Output::new_layer || output == Output::cut_out; }

Rectangle place_of(GimpDrawable* drawable) {
  gint x = 0;
  gint y = 0;
  gimp_drawable_get_offsets(drawable, &x, &y);
  return {x, y, gimp_drawable_get_width(drawable), gimp_drawable_get_height(drawable)};
}

GimpDrawable* new_channel(GimpImage* image, const std::string& name, const Coverage& coverage) {
  GeglColor* const colour = gegl_color_new("red");
  constexpr double kOpacityPercent = 50.0;
  GimpChannel* const channel = gimp_channel_new(image, name.c_str(), coverage.width, coverage.height,
                                                kOpacityPercent, colour);
  g_object_unref(colour);
  gimp_item_set_visible(GIMP_ITEM(channel), FALSE);  // as GIMP does when it saves a selection
  return GIMP_DRAWABLE(channel);
}

GimpLayer* named_copy(GimpLayer* layer, const std::string& wanted) {
  GimpLayer* const copy = gimp_layer_copy(layer);
  if (copy == nullptr) return nullptr;
  gimp_item_set_lock_content(GIMP_ITEM(copy), FALSE);  // a copy of a locked layer is locked
  if (!wanted.empty()) {
    gimp_item_set_name(GIMP_ITEM(copy), wanted.c_str());
    return copy;
  }
  gchar* const name = gimp_item_get_name(GIMP_ITEM(layer));
  // the name of a new layer: that of the original, then what it shows
  gimp_item_set_name(GIMP_ITEM(copy), formatted(_("%s, object by clicks"), name).c_str());
  g_free(name);
  return copy;
}

void discard(GimpItem* item) {
  if (item != nullptr && gimp_item_is_valid(item)) gimp_item_delete(item);
}

}  // namespace

Expected<std::unique_ptr<Writing>> Writing::begin(const Target& target, Coverage coverage) {
  if (const auto checked = check_target(target, coverage.width, coverage.height); !checked) {
    return std::unexpected(checked.error());
  }
  std::unique_ptr<Writing> writing(new Writing(target, std::move(coverage)));
  if (const auto made = writing->make_item(); !made) return std::unexpected(made.error());
  return writing;
}

Writing::Writing(const Target& target, Coverage coverage)
    : target_(target), coverage_(std::move(coverage)), place_{0, 0, coverage_.width, coverage_.height} {}

Writing::~Writing() {
  const bool is_left = writer_.has_value();
  writer_.reset();
  if (is_left && target_.output == Output::selection && gimp_image_is_valid(target_.image)) {
    gimp_drawable_free_shadow(GIMP_DRAWABLE(gimp_image_get_selection(target_.image)));
  }
  discard(GIMP_ITEM(item_));
  discard(GIMP_ITEM(copy_));
}

Expected<void> Writing::make_item() {
  if (target_.output == Output::selection) {
    writer_.emplace(GIMP_DRAWABLE(gimp_image_get_selection(target_.image)), CoverageWriter::Into::shadow, 0, 0);
    return {};
  }
  if (target_.output == Output::channel) {
    item_ = new_channel(target_.image, target_.name.empty() ? _("Object by Clicks") : target_.name, coverage_);
  } else {
    if (makes_layer(target_.output)) {
      copy_ = target_.new_layer != nullptr ? target_.new_layer : named_copy(target_.layer, target_.name);
      if (copy_ == nullptr) return gimp_failure(_("GIMP could not copy the layer."));
    }
    place_ = place_of(copy_ != nullptr ? GIMP_DRAWABLE(copy_) : GIMP_DRAWABLE(target_.layer));
    // a new mask is not clipped by the selection, an overwritten one would be
    GimpLayerMask* const mask = gimp_layer_create_mask(copy_ != nullptr ? copy_ : target_.layer, GIMP_ADD_MASK_BLACK);
    if (mask == nullptr) return gimp_failure(_("The layer mask could not be made."));
    item_ = GIMP_DRAWABLE(mask);
  }
  writer_.emplace(item_, CoverageWriter::Into::drawable, -place_.x, -place_.y);
  return {};
}

bool Writing::write_band() {
  const int rows = std::min(band_rows(coverage_.width), coverage_.height - rows_written_);
  if (rows <= 0 || !gimp_image_is_valid(target_.image)) return false;
  if (target_.operation != Operation::replace) {
    GimpDrawable* const selection = GIMP_DRAWABLE(gimp_image_get_selection(target_.image));
    combine(coverage_, read_coverage(selection, coverage_.depth(), rows_written_, rows), rows_written_,
            target_.operation);
  }
  writer_->write(coverage_, rows_written_, rows);
  rows_written_ += rows;
  return rows_written_ < coverage_.height;
}

double Writing::fraction() const { return static_cast<double>(rows_written_) / std::max(coverage_.height, 1); }

Expected<void> Writing::finish() {
  if (const auto checked = check_target(target_, coverage_.width, coverage_.height); !checked) return checked;
  const bool is_of_layer =
      target_.output != Output::selection && target_.output != Output::channel && target_.new_layer == nullptr;
  if (is_of_layer && place_of(GIMP_DRAWABLE(target_.layer)) != place_) {
    return failure(ErrorCode::unsupported, _("The layer was moved or resized meanwhile: apply again."));
  }
  writer_->end();
  Expected<void> result;
  {
    const UndoGroup group(target_.image);
    switch (target_.output) {
      case Output::selection:
        writer_->merge();
        break;
      case Output::channel:
        if (gimp_image_insert_channel(target_.image, GIMP_CHANNEL(item_), nullptr, 0) == FALSE) {
          result = gimp_failure(_("GIMP could not add the channel."));
        } else {
          item_ = nullptr;
        }
        break;
      case Output::layer_mask:
        result = add_mask(target_.layer);
        break;
      case Output::new_layer:
      case Output::cut_out:
        result = add_layer();
        break;
      case Output::labels:  // no coverage
        break;
    }
  }
  writer_.reset();
  gimp_displays_flush();
  return result;
}

// GIMP has whole objects only: a mask that was there is replaced or stays, also when this process ends in between.
Expected<void> Writing::add_mask(GimpLayer* layer) {
  if (gimp_layer_get_mask(layer) != nullptr) gimp_layer_remove_mask(layer, GIMP_MASK_DISCARD);
  if (gimp_layer_add_mask(layer, GIMP_LAYER_MASK(item_)) == FALSE) {
    return gimp_failure(_("The layer mask could not be made."));
  }
  item_ = nullptr;
  return {};
}

// This process may end at any time, so the copy is added when it is whole, as far as GIMP allows: masks can be removed
// and applied in the image only.
Expected<void> Writing::add_layer() {
  const bool had_mask = gimp_layer_get_mask(copy_) != nullptr;
  if (!had_mask) {
    if (auto added = add_mask(copy_); !added) return added;
  }
  GimpItem* const layer = GIMP_ITEM(target_.layer);
  if (gimp_image_insert_layer(target_.image, copy_, GIMP_LAYER(gimp_item_get_parent(layer)),
                              gimp_image_get_item_position(target_.image, layer)) == FALSE) {
    return gimp_failure(_("GIMP could not add the layer."));
  }
  GimpLayer* const copy = std::exchange(copy_, nullptr);
  if (had_mask) {
    // a group's mask cannot be applied: it has no pixels of its own; one that is off hides nothing
    const bool is_of_pixels = gimp_layer_get_apply_mask(copy) != FALSE && !gimp_item_is_group(GIMP_ITEM(copy));
    gimp_layer_remove_mask(copy, is_of_pixels ? GIMP_MASK_APPLY : GIMP_MASK_DISCARD);
    if (auto added = add_mask(copy); !added) return added;
  }
  if (target_.output == Output::cut_out) gimp_layer_remove_mask(copy, GIMP_MASK_APPLY);
  return {};
}

Expected<void> write_output(const Target& target, Coverage coverage) {
  auto writing = Writing::begin(target, std::move(coverage));
  if (!writing) return std::unexpected(writing.error());
  while ((*writing)->write_band()) {
  }
  return (*writing)->finish();
}

}  // namespace gbrs::plugin
