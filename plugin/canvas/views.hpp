// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/colour.hpp"
#include "gbrs/image.hpp"

// The ways to look at an answer: each is a layer of pixels over the picture. Knows neither GTK nor GIMP.

namespace gbrs::plugin {

enum class View {
  tint,     ///< the object in translucent colour, with its outline
  outline,  ///< a dashed line of black and white: visible on any ground
  black,    ///< the object on black
  white,    ///< the object on white
  mask,     ///< the coverage as grey
  checks,   ///< the object cut out, on a checkerboard
  preview,  ///< what a click would give: not one of those to choose
};
inline constexpr int kViews = 6;  ///< to choose

/// A blue that neither skin, fur nor leaves have.
inline constexpr Colour kObjectColour{0.05, 0.40, 1.00};

/// Whether the checkerboard is dark there; the same board shows through a picture's own transparent places.
/// Coordinates are pixels of the scaled picture.
[[nodiscard]] constexpr bool is_dark_check(int x, int y) {
  constexpr int kCheckSize = 16;
  return (x / kCheckSize + y / kCheckSize) % 2 == 0;
}
inline constexpr std::uint8_t kDarkCheck = 102;
inline constexpr std::uint8_t kBrightCheck = 153;

/// Paints what lies over the picture. The coverage's corner is at (left, top) of the scaled picture, both not
/// negative. `pixels` has its size, one premultiplied 0xAARRGGBB word a pixel (cairo's ARGB32), rows `stride`
/// words apart.
void paint_view(View view, const Map& coverage, int left, int top, std::uint32_t* pixels, std::ptrdiff_t stride);

/// A pixel beside the line between inside and outside.
struct OutlinePixel {
  int x = 0;  ///< of the coverage
  int y = 0;
  bool is_inside = false;
};
[[nodiscard]] std::vector<OutlinePixel> outline_of(const Map& coverage);

/// After so many phases the dashes look as at first.
inline constexpr int kOutlinePhases = 8;
/// Paints the outline of paint_view() again, its dashes moved on by `phase` pixels.
void paint_outline(std::span<const OutlinePixel> outline, int left, int top, int phase, std::uint32_t* pixels,
                   std::ptrdiff_t stride);

}  // namespace gbrs::plugin
