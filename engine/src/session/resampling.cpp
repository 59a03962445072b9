// SPDX-License-Identifier: Apache-2.0
#include "session/resampling.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace gbrs {
namespace {

/// `points` in a frame whose places x [-1, 1] lie at scale * x + shift of one with `old_side` pixels and `old_points`.
SharedAxis shared_axis(double scale, double shift, int points, int old_points, int old_side) {
  const double last = old_points - 1;
  const double half_a_pixel = old_side > 1 ? last / (old_side - 1) / 2 : 0;
  SharedAxis axis;
  for (int i = 0; i < points; ++i) {
    const double at = points > 1 ? 2.0 * i / (points - 1) - 1 : 0;
    const double place = (scale * at + shift + 1) / 2 * last;
    if (place < -half_a_pixel || place > last + half_a_pixel) continue;
    if (axis.places.empty()) axis.begin = i;
    axis.places.push_back(between(place, old_points));
  }
  return axis;
}

}  // namespace

FrameMotion motion(const Frame& from, const Frame& to) {
  // centres of the first and the last pixel of `from`, in frame pixels of `to`
  const auto axis = [](double first, double last, int size) {
    const double unit = (size - 1) / 2.0;
    return std::pair{(last - first) / 2 / unit, ((last + first) / 2 - unit) / unit};
  };
  const auto x = [&](double u) { return from.box.x + (u + 0.5) / from.scale_x(); };
  const auto y = [&](double v) { return from.box.y + (v + 0.5) / from.scale_y(); };
  const auto [scale_x, shift_x] = axis(to.u(x(0)), to.u(x(from.width - 1)), to.width);
  const auto [scale_y, shift_y] = axis(to.v(y(0)), to.v(y(from.height - 1)), to.height);
  return {scale_x, shift_x, scale_y, shift_y};
}

SharedGrid shared_grid(const FrameMap& map, const Frame& from, const Frame& to, cv::Size size) {
  const FrameMotion way = motion(to, from);
  return {.columns = shared_axis(way.scale_x, way.shift_x, size.width, map.width, from.width),
          .rows = shared_axis(way.scale_y, way.shift_y, size.height, map.height, from.height)};
}

FrameMap moved(const FrameMap& map, const Frame& from, const Frame& to, cv::Size size) {
  if (from == to && size == cv::Size(map.width, map.height)) return map;
  FrameMap result{size.width, size.height, std::vector<float>(static_cast<std::size_t>(size.area()), kOutside)};
  const SharedGrid grid = shared_grid(map, from, to, size);
  float* line = result.values.data() + grid.begin(size.width);
  for (const Between& row : grid.rows.places) {
    std::ranges::transform(grid.columns.places, line, [&](const Between& column) {
      return value_at(map.values.data(), map.width, column, row);
    });
    line += size.width;
  }
  return result;
}

FrameMap moved(const FrameMap& map, const Frame& from, const Frame& to) {
  const auto points = [](int old_points, int old_side, int side) {
    const double fineness = old_side > 1 ? static_cast<double>(old_points - 1) / (old_side - 1) : 1;
    return std::max(2, 1 + static_cast<int>(std::lround((side - 1) * fineness)));
  };
  return moved(map, from, to, {points(map.width, from.width, to.width), points(map.height, from.height, to.height)});
}

FrameMap resized_to_corners(const FrameMap& map, int width, int height) {
  const std::size_t pixels = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  FrameMap result{width, height, std::vector<float>(static_cast<std::size_t>(map.channels) * pixels), map.channels};
  const auto place = [](int i, int count, int size) {
    return between(count > 1 ? static_cast<double>(i) * (size - 1) / (count - 1) : 0, size);
  };
  std::vector<Between> columns;
  for (int i = 0; i < width; ++i) columns.push_back(place(i, width, map.width));
  auto out = result.values.begin();
  for (int channel = 0; channel < map.channels; ++channel) {
    const float* const values = map.values.data() + static_cast<std::ptrdiff_t>(channel) * map.width * map.height;
    for (int j = 0; j < height; ++j)
      out = std::ranges::transform(columns, out, [&, row = place(j, height, map.height)](const Between& column) {
              return value_at(values, map.width, column, row);
            }).out;
  }
  return result;
}

}  // namespace gbrs
