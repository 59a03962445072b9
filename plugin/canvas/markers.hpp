// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cairo.h>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/colour.hpp"
#include "canvas/view_transform.hpp"
#include "gbrs/step.hpp"

namespace gbrs::plugin {

/// What a click says is told by shape and colour both.
enum class Sign { plus, minus, dot, nearer, farther };

struct MarkerLook {
  Sign sign = Sign::plus;
  Colour colour;
  std::string text = {};  ///< beside it; empty: the sign says it all
  bool operator==(const MarkerLook&) const = default;
};
inline constexpr Colour kIncludeColour{0.05, 0.50, 0.16};
inline constexpr Colour kExcludeColour{0.80, 0.08, 0.08};
inline const MarkerLook kIncludeLook{Sign::plus, kIncludeColour};
inline const MarkerLook kExcludeLook{Sign::minus, kExcludeColour};

/// Whether a press by this button asks for the opposite of what the sign says.
[[nodiscard]] constexpr bool is_opposite(Sign sign, bool is_primary) {
  if (sign == Sign::dot) return false;
  return is_primary != (sign == Sign::plus || sign == Sign::nearer);
}

/// A mark as the canvas shows it; one that the answer does not obey has a ring and its number. A stroke shows its way, too, and a box its sides.
struct Marker {
  Point image;  ///< continuous image pixels: of a stroke in its middle, of a box its corner
  MarkerLook look = kIncludeLook;
  bool is_satisfied = true;
  std::optional<double> radius = std::nullopt;  ///< how far it reaches, image pixels; none: not known yet
  bool is_radius_given = false;                 ///< by the user; else the engine chose it
  std::vector<Point> stroke = {};               ///< the places of its clicks; empty: no stroke
  std::optional<Box> box = std::nullopt;
  std::optional<Point> other = std::nullopt;  ///< where what it asks for is

  /// Whether it has a circle, whose rim can be dragged.
  [[nodiscard]] bool has_circle() const { return radius && stroke.empty() && !box; }
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

/// Sides of a box that are moved together: one, or two that meet in a corner.
struct Sides {
  bool left = false;
  bool top = false;
  bool right = false;
  bool bottom = false;
  [[nodiscard]] bool any() const { return left || top || right || bottom; }
};

/// What lies under a place of the canvas.
struct MarkerHit {
  enum class Part { nothing, centre, rim, sides };
  Part part = Part::nothing;
  std::size_t marker = 0;
  Sides sides = {};  ///< of a box
};

/// The topmost centre, else the sides of a box, else a rim of those that show theirs.
MarkerHit hit_marker(std::span<const Marker> markers, const MarkerFocus& focus, const ViewTransform& view, Point canvas,
                     double pixel_ratio);

/// The topmost marker whose centre is under a place of the canvas.
std::optional<std::size_t> marker_at(std::span<const Marker> markers, const ViewTransform& view, Point canvas,
                                     double pixel_ratio);

/// The hovered marker after the pointer came to a place: it stays hovered as far as its circle, so that the rim
/// can be reached. A box is hovered on its sides, too.
std::optional<std::size_t> next_hovered(std::span<const Marker> markers, std::optional<std::size_t> hovered,
                                        const ViewTransform& view, Point canvas, double pixel_ratio);

}  // namespace gbrs::plugin
