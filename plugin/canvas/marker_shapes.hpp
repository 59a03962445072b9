// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cairo.h>

#include "canvas/markers.hpp"

// What markers have in common to draw, and the shapes of those that are more than a point.

namespace gbrs::plugin {

/// Logical pixels: large enough to see the sign, small enough not to hide what was clicked.
inline constexpr double kSignRadius = 7.0;
inline constexpr Colour kWarningColour{1.00, 0.75, 0.00};

inline void set_colour(cairo_t* context, Colour colour, double opacity = 1) {
  cairo_set_source_rgba(context, colour.red, colour.green, colour.blue, opacity);
}

/// A stroke's way as broad as its brush, a box's sides, or the way to the other place; nothing for a plain click. Onto
/// a context in logical pixels.
void draw_shape(cairo_t* context, const Marker& marker, bool has_focus, const ViewTransform& view, double pixel_ratio);

/// The brush at a place of the canvas [logical pixels] before it paints.
void draw_brush(cairo_t* context, Point place, double radius, const MarkerLook& look);

/// The mark itself, at the origin.
void draw_sign(cairo_t* context, const MarkerLook& look);

}  // namespace gbrs::plugin
