// SPDX-License-Identifier: Apache-2.0
#include "evaluation/metrics.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

namespace gbrs {

int number_of_clicks(std::span<const double> ious, double threshold, int limit) {
  const auto reached =
      std::ranges::find_if(ious, [&](double iou) { return static_cast<float>(iou) >= static_cast<float>(threshold); });
  return reached == ious.end() ? limit : static_cast<int>(reached - ious.begin()) + 1;
}

double area_under_curve(std::span<const double> ious, AucRule rule) {
  assert(!ious.empty());
  if (rule == AucRule::mean || ious.size() == 1) return mean(ious);
  const double sum = std::accumulate(ious.begin(), ious.end(), 0.0) - (ious.front() + ious.back()) / 2;
  return sum / static_cast<double>(ious.size() - 1);
}

double mean(std::span<const double> values) {
  if (values.empty()) return 0;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double quantile(std::vector<double> values, double q) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  const double place = q * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return std::lerp(values[below], values[above], place - static_cast<double>(below));
}

}  // namespace gbrs
