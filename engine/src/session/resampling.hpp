// SPDX-License-Identifier: Apache-2.0
#pragma once

// From the grid of a frame to another grid, of the same frame or of another one.

#include <cstddef>
#include <opencv2/core.hpp>
#include <vector>

#include "refine/backend.hpp"
#include "session/frame.hpp"
#include "session/interpolation.hpp"

namespace gbrs {

/// Logit of what no frame shows: background.
inline constexpr float kOutside = -8;

/// How places of `from` are found in `to`, for what is kept in coordinates of a frame.
[[nodiscard]] FrameMotion motion(const Frame& from, const Frame& to);

/// The points of one axis that lie on another: those from `begin` on, and where.
struct SharedAxis {
  int begin = 0;
  std::vector<Between> places;
};

/// The points of one grid that lie on another.
struct SharedGrid {
  SharedAxis columns, rows;

  [[nodiscard]] bool is_empty() const { return columns.places.empty() || rows.places.empty(); }
  /// Index of the first of them where rows are `width` points long.
  [[nodiscard]] std::ptrdiff_t begin(int width) const {
    return static_cast<std::ptrdiff_t>(rows.begin) * width + columns.begin;
  }
};

/// Those of a grid of `size` in the frame `to` that lie on the grid of `map` in the frame `from`. Corners of grids lie
/// on the centres of their frames' corner pixels; what these pixels cover beyond their centres counts as these.
[[nodiscard]] SharedGrid shared_grid(const FrameMap& map, const Frame& from, const Frame& to, cv::Size size);

/// `map` of the frame `from`, on a grid of `size` in the frame `to`; kOutside where `from` does not reach.
[[nodiscard]] FrameMap moved(const FrameMap& map, const Frame& from, const Frame& to, cv::Size size);
/// The same on a grid of about the same fineness.
[[nodiscard]] FrameMap moved(const FrameMap& map, const Frame& from, const Frame& to);

/// `map` on width x height points whose corners lie on the map's corners, bilinear, all its channels.
[[nodiscard]] FrameMap resized_to_corners(const FrameMap& map, int width, int height);

}  // namespace gbrs
