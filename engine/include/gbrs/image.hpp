// SPDX-License-Identifier: Apache-2.0
#pragma once

// Pixels of somebody else (views) and maps of our own.
// Coordinates: x to the right, y down, in image pixels; the top-left pixel covers [0,1) x [0,1) and its
// centre is (0.5, 0.5).

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace gbrs {

enum class PixelFormat {
  rgb8,   ///< 3 bytes a pixel, R'G'B' with the sRGB curve
  rgba8,  ///< 4 bytes a pixel, the same with straight alpha, which is ignored
};

/// A picture that belongs to the caller. A session copies it when it takes it.
struct ImageView {
  const std::uint8_t* pixels = nullptr;
  int width = 0;
  int height = 0;
  std::ptrdiff_t stride_bytes = 0;  ///< from one row to the next; at least width * bytes per pixel
  PixelFormat format = PixelFormat::rgb8;
};

/// Integer rectangle [x, x + width) x [y, y + height).
struct Rectangle {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
  bool operator==(const Rectangle&) const = default;
};

/// A row-major height x width map of floats; for segmentation the coverage of the object, 0 to 1.
struct Map {
  int width = 0;
  int height = 0;
  std::vector<float> values;

  [[nodiscard]] float at(int x, int y) const {
    return values[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)];
  }
  bool operator==(const Map&) const = default;
};

/// Coverage 0..1 to the nearest of 256 (65536) levels. Command line and plug-in both write with these, so
/// that they give the same bytes.
[[nodiscard]] inline std::uint8_t to_u8(float coverage) {
  return static_cast<std::uint8_t>(std::clamp(coverage, 0.0F, 1.0F) * 255.0F + 0.5F);
}
[[nodiscard]] inline std::uint16_t to_u16(float coverage) {
  return static_cast<std::uint16_t>(std::clamp(coverage, 0.0F, 1.0F) * 65535.0F + 0.5F);
}

}  // namespace gbrs
