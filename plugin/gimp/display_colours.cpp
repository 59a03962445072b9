// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/display_colours.hpp"

#include <libgimp/gimp.h>

namespace gbrs::plugin {
namespace {

const Babl* pixel_format() { return babl_format("R'G'B'A u8"); }

}  // namespace

DisplayColours::DisplayColours(GtkWidget* widget) {
  GimpColorConfig* const config = gimp_get_color_configuration();
  GimpColorProfile* const srgb = gimp_color_profile_new_rgb_srgb();
  transform_.reset(gimp_widget_get_color_transform(widget, config, srgb, pixel_format(), pixel_format(), nullptr,
                                                   GIMP_COLOR_RENDERING_INTENT_PERCEPTUAL, FALSE));
  g_object_unref(srgb);
  g_object_unref(config);
}

void DisplayColours::convert(Pixels& pixels) const {
  if (!transform_) return;
  // a row at a time: the library may make a copy of what it converts
  const std::size_t row_bytes = static_cast<std::size_t>(pixels.width) * 4;
  for (std::size_t start = 0; start < pixels.rgba.size(); start += row_bytes) {
    std::uint8_t* const row = pixels.rgba.data() + start;
    gimp_color_transform_process_pixels(transform_.get(), pixel_format(), row, pixel_format(), row,
                                        static_cast<gsize>(pixels.width));
  }
}

}  // namespace gbrs::plugin
