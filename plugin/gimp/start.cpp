// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/start.hpp"

#include "base/translation.hpp"
#include "gimp/bridge.hpp"

namespace gbrs::plugin {
namespace {

Expected<GimpDrawable*> selected_channel(GimpImage* image) {
  GimpChannel** const channels = gimp_image_get_selected_channels(image);
  GimpChannel* const only =
      channels != nullptr && channels[0] != nullptr && channels[1] == nullptr ? channels[0] : nullptr;
  g_free(channels);
  if (only == nullptr) {
    return failure(ErrorCode::invalid_argument, _("To start from a channel, select one in the Channels dialog."));
  }
  return GIMP_DRAWABLE(only);
}

Expected<GimpDrawable*> drawable_of(GimpImage* image, GimpLayer* layer, Start start) {
  switch (start) {
    case Start::nothing:
      break;
    case Start::selection:
      if (gimp_selection_is_empty(image)) {
        return failure(ErrorCode::invalid_argument, _("There is no selection to start from."));
      }
      return GIMP_DRAWABLE(gimp_image_get_selection(image));
    case Start::layer_mask:
      if (layer == nullptr || gimp_layer_get_mask(layer) == nullptr) {
        return failure(ErrorCode::invalid_argument, _("To start from a layer mask, select one layer that has a mask."));
      }
      return GIMP_DRAWABLE(gimp_layer_get_mask(layer));
    case Start::alpha:
      if (layer == nullptr || !gimp_drawable_has_alpha(GIMP_DRAWABLE(layer))) {
        return failure(ErrorCode::invalid_argument,
                       _("To start from a layer's transparency, select one layer that has an alpha channel."));
      }
      return GIMP_DRAWABLE(layer);
    case Start::channel:
      return selected_channel(image);
  }
  return nullptr;
}

}  // namespace

bool has_start(GimpImage* image, GimpLayer* layer, Start start) { return drawable_of(image, layer, start).has_value(); }

Expected<std::optional<Map>> read_start(GimpImage* image, GimpLayer* layer, Start start) {
  const auto drawable = drawable_of(image, layer, start);
  if (!drawable) return std::unexpected(drawable.error());
  if (*drawable == nullptr) return std::nullopt;
  gint offset_x = 0;
  gint offset_y = 0;
  gimp_drawable_get_offsets(*drawable, &offset_x, &offset_y);
  const Rectangle part{-offset_x, -offset_y, gimp_image_get_width(image), gimp_image_get_height(image)};
  return read_numbers(*drawable, start == Start::alpha ? Samples::alpha : Samples::coverage, part);
}

}  // namespace gbrs::plugin
