// SPDX-License-Identifier: GPL-3.0-or-later
#include "depth_grey.hpp"

#include <algorithm>

namespace gbrs::plugin {
namespace {

constexpr double kNearest = 1e-3;  // what is nearer has no inverse worth showing

}  // namespace

Map grey_of(Map depth, DepthScale scale) {
  if (depth.values.empty()) return depth;
  if (scale.far <= scale.near) {
    const auto [least, most] = std::ranges::minmax(depth.values);
    scale.near = least;
    scale.far = most;
  }
  const auto position = [&](double value) { return scale.is_disparity ? 1 / std::max(value, kNearest) : value; };
  const double near = position(scale.near);
  const double range = position(scale.far) - near;
  for (float& value : depth.values) {
    const double farness = range != 0 ? std::clamp((position(value) - near) / range, 0.0, 1.0) : 0.0;
    value = static_cast<float>(scale.is_near_white ? 1 - farness : farness);
  }
  return depth;
}

}  // namespace gbrs::plugin
