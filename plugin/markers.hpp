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
  std::optional<double> radius = std::nullopt;  ///< how far it reaches, image pixels; none: not known yet
  bool is_radius_given = false;                 ///< by the user; else the engine chose it
};

/// The markers that the user has to do with: each of them is highlighted and shows its radius.
struct MarkerFocus {
  std::optional<std::size_t> hovered;
  std::optional<std::size_t> chosen;
  [[nodiscard]] bool has(std::size_t marker) const { return hovered == marker || chosen == marker; }
};

/// Draws onto a context in device pixels of the canvas; `pixel_ratio` is device pixels per logical pixel.
void draw_markers(cairo_t* context, std::span<const Marker> markers, const MarkerFocus& focus,
                  const ViewTransform& view, double pixel_ratio);

/// What lies under a place of the canvas.
struct MarkerHit {
  enum class Part { nothing, centre, rim };
  Part part = Part::nothing;
  std::size_t marker = 0;
};

/// The topmost centre, else a rim of those that show theirs.
MarkerHit hit_marker(std::span<const Marker> markers, const MarkerFocus& focus, const ViewTransform& view, Point canvas,
                     double pixel_ratio);

/// The topmost marker whose centre is under a place of the canvas.
std::optional<std::size_t> marker_at(std::span<const Marker> markers, const ViewTransform& view, Point canvas,
                                     double pixel_ratio);

/// The hovered marker after the pointer came to a place: it stays hovered as far as its circle, so that the rim
/// can be reached.
std::optional<std::size_t> next_hovered(std::span<const Marker> markers, std::optional<std::size_t> hovered,
                                        const ViewTransform& view, Point canvas, double pixel_ratio);

}  // namespace gbrs::plugin
