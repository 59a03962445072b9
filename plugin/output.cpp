// SPDX-License-Identifier: GPL-3.0-or-later
#include "output.hpp"

#include <string>

#include "bridge.hpp"
#include "translation.hpp"

namespace gbrs::plugin {
namespace {

// Pairs start and end on every path; the group is what one Ctrl+Z takes back.
class UndoGroup final {
 public:
  explicit UndoGroup(GimpImage* image) : image_(image) { gimp_image_undo_group_start(image_); }
  UndoGroup(const UndoGroup&) = delete;
  UndoGroup& operator=(const UndoGroup&) = delete;
  ~UndoGroup() { gimp_image_undo_group_end(image_); }

 private:
  GimpImage* image_;
};

bool has_locked_child(GimpItem* item) {
  if (!gimp_item_is_group(item)) return false;
  GimpItem** const children = gimp_item_get_children(item);
  bool is_locked = false;
  for (GimpItem** child = children; child != nullptr && *child != nullptr && !is_locked; ++child) {
    is_locked = gimp_item_get_lock_content(*child) || has_locked_child(*child);
  }
  g_free(children);
  return is_locked;
}

bool is_content_locked(GimpItem* item) {
  for (GimpItem* at = item; at != nullptr; at = gimp_item_get_parent(at)) {
    if (gimp_item_get_lock_content(at)) return true;
  }
  return has_locked_child(item);
}

bool has_locked_parent(GimpItem* item) {
  GimpItem* const parent = gimp_item_get_parent(item);
  return parent != nullptr && is_content_locked(parent);
}

std::string gimp_failure(const char* sentence) {
  const char* const words = gimp_pdb_get_last_error(gimp_get_pdb());
  return words != nullptr && *words != '\0' ? formatted("%s %s", sentence, words) : sentence;
}

// Everything that may fail or take time comes first, so that a mask that was there is replaced or stays, also when this
// process ends in between: GIMP has whole objects only.
Expected<void> set_mask(GimpLayer* layer, const Coverage& image_coverage) {
  GimpDrawable* const drawable = GIMP_DRAWABLE(layer);
  gint offset_x = 0;
  gint offset_y = 0;
  gimp_drawable_get_offsets(drawable, &offset_x, &offset_y);
  const Coverage part = crop(image_coverage, {offset_x, offset_y, gimp_drawable_get_width(drawable),
                                              gimp_drawable_get_height(drawable)});
  GimpLayerMask* const mask = gimp_layer_create_mask(layer, GIMP_ADD_MASK_BLACK);
  if (mask == nullptr) return failure(ErrorCode::internal, gimp_failure(_("The layer mask could not be made.")));
  // a new mask is not clipped by the selection, an overwritten one would be
  write_coverage(GIMP_DRAWABLE(mask), part);
  if (gimp_layer_get_mask(layer) != nullptr) gimp_layer_remove_mask(layer, GIMP_MASK_DISCARD);
  gimp_layer_add_mask(layer, mask);
  return {};
}

void write_channel(GimpImage* image, const Coverage& coverage) {
  GeglColor* const colour = gegl_color_new("red");
  constexpr double kOpacityPercent = 50.0;
  GimpChannel* const channel = gimp_channel_new(image, _("Object by Clicks"), coverage.width, coverage.height,
                                                kOpacityPercent, colour);
  g_object_unref(colour);
  gimp_item_set_visible(GIMP_ITEM(channel), FALSE);  // as GIMP does when it saves a selection
  write_coverage(GIMP_DRAWABLE(channel), coverage);
  gimp_image_insert_channel(image, channel, nullptr, 0);
}

Expected<void> insert_above(GimpImage* image, GimpLayer* copy, GimpLayer* layer) {
  if (gimp_image_insert_layer(image, copy, GIMP_LAYER(gimp_item_get_parent(GIMP_ITEM(layer))),
                              gimp_image_get_item_position(image, GIMP_ITEM(layer))) != FALSE) {
    return {};
  }
  gimp_item_delete(GIMP_ITEM(copy));
  return failure(ErrorCode::internal, gimp_failure(_("GIMP could not add the layer.")));
}

// This process may end at any time, so the copy is added when it is whole, as far as GIMP allows: masks can be removed
// and applied in the image only.
Expected<void> write_new_layer(GimpImage* image, GimpLayer* layer, const Coverage& coverage, bool is_cut_out) {
  GimpLayer* const copy = gimp_layer_copy(layer);
  if (copy == nullptr) return failure(ErrorCode::internal, gimp_failure(_("GIMP could not copy the layer.")));
  gimp_item_set_lock_content(GIMP_ITEM(copy), FALSE);  // a copy of a locked layer is locked
  gchar* const name = gimp_item_get_name(GIMP_ITEM(layer));
  // the name of a new layer: that of the original, then what it shows
  gimp_item_set_name(GIMP_ITEM(copy), formatted(_("%s, object by clicks"), name).c_str());
  g_free(name);
  const bool has_mask = gimp_layer_get_mask(copy) != nullptr;
  if (has_mask) {
    if (auto added = insert_above(image, copy, layer); !added) return added;
    // a group's mask cannot be applied: it has no pixels of its own
    gimp_layer_remove_mask(copy, gimp_item_is_group(GIMP_ITEM(copy)) ? GIMP_MASK_DISCARD : GIMP_MASK_APPLY);
  }
  if (auto masked = set_mask(copy, coverage); !masked) {
    if (!has_mask) gimp_item_delete(GIMP_ITEM(copy));
    return masked;
  }
  if (!has_mask) {
    if (auto added = insert_above(image, copy, layer); !added) return added;
  }
  if (is_cut_out) gimp_layer_remove_mask(copy, GIMP_MASK_APPLY);
  return {};
}

}  // namespace

GimpLayer* target_layer(GimpDrawable** drawables) {
  if (drawables == nullptr || drawables[0] == nullptr || drawables[1] != nullptr) return nullptr;
  if (GIMP_IS_LAYER_MASK(drawables[0])) return gimp_layer_from_mask(GIMP_LAYER_MASK(drawables[0]));
  return GIMP_IS_LAYER(drawables[0]) ? GIMP_LAYER(drawables[0]) : nullptr;
}

Expected<void> check_target(const Target& target, int width, int height) {
  if (!gimp_image_is_valid(target.image)) return failure(ErrorCode::not_found, _("The image was closed."));
  if (gimp_image_get_width(target.image) != width || gimp_image_get_height(target.image) != height) {
    return failure(ErrorCode::unsupported,
                   formatted(_("The image is not %d×%d pixels any more. Undo that change in GIMP, or close this "
                               "window and click again."),
                             width, height));
  }
  if (target.output == Output::selection || target.output == Output::channel) return {};
  if (target.layer == nullptr || !gimp_item_is_valid(GIMP_ITEM(target.layer))) {
    return failure(ErrorCode::invalid_argument, _("This output needs one layer: select it first."));
  }
  GimpItem* const item = GIMP_ITEM(target.layer);
  if (target.output == Output::cut_out && gimp_item_is_group(item)) {
    return failure(ErrorCode::unsupported,
                   _("A group has no pixels of its own to cut out: choose a new layer with a mask, or a layer."));
  }
  if (gimp_image_get_floating_sel(target.image) != nullptr) {
    return failure(ErrorCode::unsupported, _("Anchor the floating selection first."));
  }
  const bool is_locked = target.output == Output::layer_mask
                             ? is_content_locked(item)
                             : has_locked_parent(item) || has_locked_child(item);
  if (is_locked) {
    gchar* const name = gimp_item_get_name(item);
    const std::string text =
        formatted(_("The pixels of layer “%s” are locked: unlock them in the Layers dialog first."), name);
    g_free(name);
    return failure(ErrorCode::unsupported, text);
  }
  return {};
}

Expected<void> write_output(const Target& target, Coverage coverage) {
  if (const auto checked = check_target(target, coverage.width, coverage.height); !checked) return checked;
  if (target.operation != Operation::replace) {
    GimpDrawable* const selection = GIMP_DRAWABLE(gimp_image_get_selection(target.image));
    combine(coverage, read_coverage(selection, coverage.depth()), target.operation);
  }
  Expected<void> result;
  {
    const UndoGroup group(target.image);
    switch (target.output) {
      case Output::selection:
        write_selection(target.image, coverage);
        break;
      case Output::layer_mask:
        result = set_mask(target.layer, coverage);
        break;
      case Output::channel:
        write_channel(target.image, coverage);
        break;
      case Output::new_layer:
      case Output::cut_out:
        result = write_new_layer(target.image, target.layer, coverage, target.output == Output::cut_out);
        break;
    }
  }
  gimp_displays_flush();
  return result;
}

}  // namespace gbrs::plugin
