// SPDX-License-Identifier: Apache-2.0
#include "objectives/region.hpp"

#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/maximum.h>
#include <ATen/ops/upsample_bilinear2d.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>

#include "objectives/attention.hpp"

namespace gbrs {
namespace {

constexpr double kLikenessSlope = 25;
constexpr double kDifferenceSlope = 40;
constexpr double kDifference = 0.03;

/// Directions of the features: one unit vector a pixel, so that a product is a cosine.
std::vector<Tensor> unit_vectors(std::span<const Tensor> levels) {
  std::vector<Tensor> all;
  for (const Tensor& level : levels)
    all.push_back(level / at::linalg_vector_norm(level, 2, {1}, /*keepdim=*/true).clamp_min(1e-12));
  return all;
}

/// The likeness of every pixel to the one at the click [height,width].
Tensor likeness(const std::vector<Tensor>& levels, const GridClick& click, std::int64_t height, std::int64_t width) {
  Tensor sum;
  for (const Tensor& level : levels) {
    const auto place = [](double at, std::int64_t size, std::int64_t count) {
      const double scale = size > 1 ? static_cast<double>(count - 1) / static_cast<double>(size - 1) : 0;
      return std::clamp<std::int64_t>(std::llround(at * scale), 0, count - 1);
    };
    const Tensor clicked =
        level.select(3, place(click.u, width, level.size(3))).select(2, place(click.v, height, level.size(2)));
    const Tensor cosines = (level * clicked.view({1, -1, 1, 1})).sum({1}, /*keepdim=*/true);
    const Tensor on_grid = at::upsample_bilinear2d(cosines, {height, width}, /*align_corners=*/true);
    sum = sum.defined() ? sum + on_grid : on_grid;
  }
  return sum[0][0] / static_cast<double>(levels.size());
}

}  // namespace

Region region_of(std::span<const GridClick> clicks, std::size_t index, std::span<const Tensor> levels,
                 std::int64_t height, std::int64_t width, const RegionOptions& options) {
  const at::NoGradGuard no_grad;
  const GridClick& click = clicks[index];
  const auto units = unit_vectors(levels);
  const Tensor own = likeness(units, click, height, width);
  Tensor weights = ((own - options.likeness) * kLikenessSlope).sigmoid();
  Tensor other;
  for (const GridClick& candidate : clicks) {
    if (candidate.target == click.target) continue;
    const Tensor similar = likeness(units, candidate, height, width);
    other = other.defined() ? at::maximum(other, similar) : similar;
  }
  if (other.defined()) weights = weights * ((own - other - kDifference) * kDifferenceSlope).sigmoid();
  GridClick reached = click;
  reached.radius *= options.reach;
  weights = weights * (1 - attention_mask(MaskShape::disc, reached, height, width)).to(weights.options());
  weights = weights * (options.weight / (1 + weights.sum().item<double>()));
  return {.weights = weights.view({1, 1, height, width}), .target = click.target};
}

}  // namespace gbrs
