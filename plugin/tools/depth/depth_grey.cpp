// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/depth/depth_grey.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace gbrs::plugin {
namespace {

constexpr double kNearest = 1e-3;     // what is nearer has no inverse worth showing
constexpr double kFarthest = 1e6;     // likewise
constexpr double kLeastRange = 1e-2;  // of its greatest, for a map that is flat

/// Depths to what greys are linear in, and back.
double position(double depth, const DepthScale& scale) {
  return scale.is_disparity ? 1 / std::max(depth, kNearest) : depth;
}
double depth_at(double position, const DepthScale& scale) {
  return scale.is_disparity ? 1 / std::max(position, 1 / kFarthest) : std::max(position, 0.0);
}

/// Grey values to shares of the way from near to far, and back.
double turned(double value, const DepthScale& scale) { return scale.is_near_white ? 1 - value : value; }

/// The grey value at the place of one of another map's pixels.
double value_for(const Map& map, int x, int y, const Map& other) {
  const auto at = [](int i, int size, int other_size) {
    return std::min(static_cast<int>((i + 0.5) * size / other_size), size - 1);
  };
  return map.at(at(x, map.width, other.width), at(y, map.height, other.height));
}

/// The straight line position = first + rise * farness through all pixels.
struct Line {
  double first = 0;
  double rise = 0;
};
Line line_through(const Map& grey, const Map& depth, const DepthScale& scale) {
  const auto count = static_cast<double>(depth.values.size());
  double t_sum = 0;
  double p_sum = 0;
  double tt_sum = 0;
  double tp_sum = 0;
  for (int y = 0; y < depth.height; ++y) {
    for (int x = 0; x < depth.width; ++x) {
      const double t = turned(value_for(grey, x, y, depth), scale);
      const double p = position(depth.at(x, y), scale);
      t_sum += t;
      p_sum += p;
      tt_sum += t * t;
      tp_sum += t * p;
    }
  }
  const double spread = tt_sum - t_sum * t_sum / count;
  const double rise = spread > 0 ? (tp_sum - t_sum * p_sum / count) / spread : 0;
  return {p_sum / count - rise * t_sum / count, rise};
}

}  // namespace

DepthScale settled(DepthScale scale, double least, double most) {
  if (!scale.has_range()) {
    scale.near = least;
    scale.far = most;
  } else if (scale.widens) {
    scale.near = std::min(scale.near, least);
    scale.far = std::max(scale.far, most);
  }
  scale.widens = false;
  return scale;
}

Map grey_of(Map depth, const DepthScale& scale) {
  if (depth.values.empty()) return depth;
  DepthScale exact = scale;
  if (!scale.has_range() || scale.widens) {
    const auto [least, most] = std::ranges::minmax(depth.values);
    exact = settled(scale, least, most);
  }
  const double near = position(exact.near, exact);
  const double range = position(exact.far, exact) - near;
  for (float& value : depth.values) {
    const double farness = range != 0 ? std::clamp((position(value, exact) - near) / range, 0.0, 1.0) : 0.0;
    value = static_cast<float>(turned(farness, exact));
  }
  return depth;
}

Map depths_of(Map grey, const DepthScale& scale) {
  const double near = position(scale.near, scale);
  const double range = position(scale.far, scale) - near;
  for (float& value : grey.values) value = static_cast<float>(depth_at(near + turned(value, scale) * range, scale));
  return grey;
}

DepthScale fitted(DepthScale scale, const Map& grey, const Map& depth) {
  const auto [least, most] = std::ranges::minmax(depth.values);
  const Line line = line_through(grey, depth, scale);
  const double near = depth_at(line.first, scale);
  const double far = depth_at(line.first + line.rise, scale);
  const bool is_sound = far > near && far < kFarthest;
  scale.near = is_sound ? near : least;
  scale.far = is_sound ? far : std::max<double>(most, least * (1 + kLeastRange));
  return scale;
}

}  // namespace gbrs::plugin
