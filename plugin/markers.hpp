// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cairo.h>

#include <cstddef>
#include <optional>
#include <span>

#include "view_transform.hpp"

namespace gbrs::plugin {

/// A click as the canvas shows it: a round plus or a square minus, so that shape and colour both tell them
/// apart; one that the answer does not obey has a ring and its number.
struct Marker {
  Point image;  ///< continuous image pixels
  bool is_include = true;
  bool is_satisfied = true;
};

/// Draws onto a context in device pixels of the canvas; `pixel_ratio` is device pixels per logical pixel.
void draw_markers(cairo_t* context, std::span<const Marker> markers, const ViewTransform& view, double pixel_ratio);

/// The topmost marker under a place of the canvas.
std::optional<std::size_t> marker_at(std::span<const Marker> markers, const ViewTransform& view, Point canvas,
                                     double pixel_ratio);

}  // namespace gbrs::plugin
