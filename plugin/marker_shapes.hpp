// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cairo.h>

#include "markers.hpp"

// What markers have in common to draw, and the shapes of those that are more than a point.

namespace gbrs::plugin {

struct Colour {
  double red, green, blue;
};
inline constexpr Colour kIncludeColour{0.05, 0.50, 0.16};
inline constexpr Colour kExcludeColour{0.80, 0.08, 0.08};
inline constexpr Colour kWarningColour{1.00, 0.75, 0.00};

inline void set_colour(cairo_t* context, Colour colour, double opacity = 1) {
  cairo_set_source_rgba(context, colour.red, colour.green, colour.blue, opacity);
}
[[nodiscard]] inline Colour colour_of(const Marker& marker) {
  return marker.is_include ? kIncludeColour : kExcludeColour;
}

/// A stroke's way as broad as its brush, or a box's sides; nothing for a click. Onto a context in logical pixels.
void draw_shape(cairo_t* context, const Marker& marker, bool has_focus, const ViewTransform& view, double pixel_ratio);

/// The brush at a place of the canvas [logical pixels] before it paints.
void draw_brush(cairo_t* context, Point place, double radius, bool is_include);

}  // namespace gbrs::plugin
