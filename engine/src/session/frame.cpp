// SPDX-License-Identifier: Apache-2.0
#include "session/frame.hpp"

#include <algorithm>
#include <cmath>

namespace gbrs {
namespace {

constexpr int kLeastSide = 2;  // what lies between corner pixels needs two of them

}  // namespace

Frame Frame::of(Rectangle box, const InputSettings& settings) {
  const int longer = std::max(box.width, box.height);
  const auto side = [&](int length) {
    const double proportional = static_cast<double>(settings.long_side - settings.rest) * length / longer;
    const int steps = std::max(1, static_cast<int>(std::lround(proportional / settings.multiple)));
    return std::max(kLeastSide, steps * settings.multiple + settings.rest);
  };
  return {.box = box, .width = side(box.width), .height = side(box.height)};
}

double Frame::scale() const { return std::sqrt(scale_x() * scale_y()); }

FrameClick Frame::to_frame(const Click& click) const {
  // distances are taken between pixel centres, so a click means the centre of its pixel
  FrameClick result{.u = u(std::floor(click.x) + 0.5),
                    .v = v(std::floor(click.y) + 0.5),
                    .radius = std::nullopt,
                    .target = click.target,
                    .mode = click.mode};
  const auto place = [&](const Place& at) { return FramePlace{u(std::floor(at.x) + 0.5), v(std::floor(at.y) + 0.5)}; };
  if (click.radius) result.radius = *click.radius * scale();
  if (click.same_as) result.same_as = place(*click.same_as);
  for (const Place& at : click.path) result.path.push_back(place(at));
  return result;
}

float value_at(const FrameMap& map, const Frame& frame, const Click& click) {
  const FrameClick place = frame.to_frame(click);
  const auto nearest = [](double at, int side, int count) {
    return static_cast<std::size_t>(std::clamp<long>(std::lround(at * (count - 1) / (side - 1)), 0, count - 1));
  };
  const std::size_t row = nearest(place.v, frame.height, map.height);
  return map.values[row * static_cast<std::size_t>(map.width) + nearest(place.u, frame.width, map.width)];
}

}  // namespace gbrs
