// SPDX-License-Identifier: Apache-2.0
#pragma once

// Strokes painted into one map of wanted classes (paper, eq. 10; method.md, STROKE2, STROKE3).

#include <span>
#include <utility>
#include <vector>

#include "layers/tensor.hpp"

namespace gbrs {

/// Where a map of wanted classes wants nothing.
inline constexpr std::int64_t kUnpainted = -1;

struct GridStroke {
  std::vector<std::pair<double, double>> path;  ///< (u, v), straight between neighbours
  double radius = 0;                            ///< half the width
  std::int64_t label = 0;
};

/// Labels [height,width], int64 on the CPU: those of the discs d <= radius + kDiscMargin along each path, of the later
/// stroke where they overlap; kUnpainted elsewhere. A stroke narrower than the grid still paints the pixels nearest
/// to its path's places.
[[nodiscard]] Tensor paint_strokes(std::span<const GridStroke> strokes, std::int64_t height, std::int64_t width);

}  // namespace gbrs
