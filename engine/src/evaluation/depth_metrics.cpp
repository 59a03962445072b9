// SPDX-License-Identifier: Apache-2.0
#include "evaluation/depth_metrics.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace gbrs {
namespace {

struct Shares {
  double top, bottom, left, right;
};

Rectangle box_of(const Shares& shares, int width, int height) {
  const int left = static_cast<int>(shares.left * width), top = static_cast<int>(shares.top * height);
  return {left, top, static_cast<int>(shares.right * width) - left, static_cast<int>(shares.bottom * height) - top};
}

}  // namespace

// float32 as in the evaluation's code: the comparisons of truth with the range depend on it
bool is_measured(float truth, const DepthRange& range) {
  return truth > static_cast<float>(range.min) && truth < static_cast<float>(range.max);
}

float settled(float prediction, const DepthRange& range) {
  if (std::isnan(prediction)) return static_cast<float>(range.min);
  return std::clamp(prediction, static_cast<float>(range.min), static_cast<float>(range.max));
}

Rectangle crop_box(DepthCrop crop, int width, int height) {
  switch (crop) {
    case DepthCrop::none:
      break;
    case DepthCrop::nyu_eigen: {
      const int right = std::min(601, width), bottom = std::min(471, height);
      return {std::min(41, right), std::min(45, bottom), std::max(0, right - 41), std::max(0, bottom - 45)};
    }
    case DepthCrop::kitti_garg:
      return box_of({0.40810811, 0.99189189, 0.03594771, 0.96405229}, width, height);
    case DepthCrop::kitti_eigen:
      return box_of({0.3324324, 0.91351351, 0.0359477, 0.96405229}, width, height);
  }
  return {0, 0, width, height};
}

std::optional<DepthErrors> depth_errors(const Map& prediction, const Map& truth, DepthRange range, DepthCrop crop) {
  return depth_errors(prediction, truth, range, crop_box(crop, truth.width, truth.height));
}

std::optional<DepthErrors> depth_errors(const Map& prediction, const Map& truth, DepthRange range, Rectangle box) {
  assert(prediction.width == truth.width && prediction.height == truth.height);
  DepthErrors sums;
  double squares = 0, log_squares = 0, logs = 0;
  for (int y = box.y; y < box.y + box.height; ++y) {
    for (int x = box.x; x < box.x + box.width; ++x) {
      const float measured = truth.at(x, y);
      if (!is_measured(measured, range)) continue;
      const double g = measured;
      const double d = settled(prediction.at(x, y), range);
      const double ratio = std::max(g / d, d / g);
      const double log_error = std::log(d) - std::log(g);
      ++sums.pixels;
      sums.delta1 += ratio < 1.25 ? 1 : 0;
      sums.delta2 += ratio < 1.25 * 1.25 ? 1 : 0;
      sums.delta3 += ratio < 1.25 * 1.25 * 1.25 ? 1 : 0;
      sums.abs_rel += std::abs(g - d) / g;
      sums.sq_rel += (g - d) * (g - d) / g;
      sums.log10 += std::abs(std::log10(d) - std::log10(g));
      squares += (g - d) * (g - d);
      log_squares += log_error * log_error;
      logs += log_error;
    }
  }
  if (sums.pixels == 0) return std::nullopt;
  const auto n = static_cast<double>(sums.pixels);
  for (double* sum : {&sums.delta1, &sums.delta2, &sums.delta3, &sums.abs_rel, &sums.sq_rel, &sums.log10}) *sum /= n;
  sums.rmse = std::sqrt(squares / n);
  sums.rmse_log = std::sqrt(log_squares / n);
  sums.silog = 100 * std::sqrt(std::max(0.0, log_squares / n - (logs / n) * (logs / n)));
  return sums;
}

}  // namespace gbrs
