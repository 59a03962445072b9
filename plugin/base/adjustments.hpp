// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include "gbrs/answer.hpp"
#include "gbrs/error.hpp"
#include "gbrs/image.hpp"

// What the user does to the object's edge after the clicks: the same code for the preview and for the image.
// Knows neither GTK nor GIMP.

namespace gbrs::plugin {

/// In this order: grow, feather, contrast. The default changes nothing.
struct Adjustments {
  double grow = 0;      ///< image pixels, -50..50; negative shrinks
  double feather = 0;   ///< image pixels, 0..100; as GIMP's Feather: a Gaussian of feather / 3.5 standard deviation
  double contrast = 0;  ///< per cent, 0..100: how much steeper the edge becomes; 100 leaves no pixel in between

  [[nodiscard]] bool is_neutral() const { return *this == Adjustments{}; }
  bool operator==(const Adjustments&) const = default;
};
inline constexpr double kMostGrow = 50;
inline constexpr double kMostFeather = 100;
inline constexpr double kMostContrast = 100;

/// Adjusts a coverage map at `scale` (map pixels per image pixel). Beyond the map's edges everything goes on
/// as it is at the edge: an object that the picture cuts off is not faded or shrunk there.
void adjust(Map& map, const Adjustments& adjustments, double scale);

/// How many map pixels away a value still matters.
[[nodiscard]] int reach(const Adjustments& adjustments, double scale);

/// As Answer::render.
using RenderMap = std::function<Expected<Map>(Rectangle part, double scale)>;

/// The part of the adjusted map, rendered with as much around it as matters; for a map of a picture of this size.
[[nodiscard]] Expected<Map> render_adjusted(const RenderMap& render, int image_width, int image_height, Rectangle part,
                                            double scale, const Adjustments& adjustments);
[[nodiscard]] Expected<Map> render_adjusted(const Answer& answer, Rectangle part, double scale,
                                            const Adjustments& adjustments);

}  // namespace gbrs::plugin
