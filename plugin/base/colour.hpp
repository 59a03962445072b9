// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace gbrs::plugin {

/// R'G'B' in sRGB, 0..1.
struct Colour {
  double red = 0;
  double green = 0;
  double blue = 0;
  bool operator==(const Colour&) const = default;
};

/// cairo's ARGB32: premultiplied 0xAARRGGBB.
[[nodiscard]] constexpr std::uint32_t argb(std::uint32_t alpha, std::uint32_t red, std::uint32_t green,
                                           std::uint32_t blue) {
  return alpha << 24 | red << 16 | green << 8 | blue;
}
[[nodiscard]] constexpr std::uint32_t argb(const Colour& colour, double alpha) {
  const auto byte = [](double value) { return static_cast<std::uint32_t>(value * 255.0 + 0.5); };
  return argb(byte(alpha), byte(colour.red * alpha), byte(colour.green * alpha), byte(colour.blue * alpha));
}

}  // namespace gbrs::plugin
