// SPDX-License-Identifier: Apache-2.0
#include "session/box.hpp"

#include <algorithm>
#include <cmath>

#include "session/resampling.hpp"

namespace gbrs {
namespace {

bool is_on_pixel(const Click& click, double x, double y) {
  return std::floor(click.x) == std::floor(x) && std::floor(click.y) == std::floor(y);
}

/// Whether one of `clicks` lies there.
bool is_clicked(std::span<const Click> clicks, double x, double y) {
  return std::ranges::any_of(clicks, [&](const Click& click) { return is_on_pixel(click, x, y); });
}

}  // namespace

std::optional<Click> click_of(const Box& box, std::span<const Click> clicks, std::size_t older) {
  const double width = box.right - box.left, height = box.bottom - box.top;
  Click click{
      .x = (box.left + box.right) / 2, .y = (box.top + box.bottom) / 2, .radius = std::hypot(width, height) / 2};
  // one that was there before may say something else: beside it there is room, in the box or else where it is
  double x = click.x;
  while (x < box.right && is_clicked(clicks.first(older), x, click.y)) ++x;
  if (x < box.right) click.x = x;
  if (is_clicked(clicks.subspan(older), click.x, click.y)) return std::nullopt;
  return click;
}

void keep_within(FrameMap& answer, const FrameMap* before, const Box& box, const Frame& frame) {
  constexpr float kBeside = -2;  // surely not, but not so surely that a click there could not say otherwise
  FrameMap known;
  if (before != nullptr) known = resized_to_corners(*before, answer.width, answer.height);
  const double step_u = static_cast<double>(frame.width - 1) / std::max(1, answer.width - 1);
  const double step_v = static_cast<double>(frame.height - 1) / std::max(1, answer.height - 1);
  std::size_t at = 0;
  for (int j = 0; j < answer.height; ++j) {
    const double y = frame.box.y + (j * step_v + 0.5) / frame.scale_y();
    for (int i = 0; i < answer.width; ++i, ++at) {
      const double x = frame.box.x + (i * step_u + 0.5) / frame.scale_x();
      if (x >= box.left && x < box.right && y >= box.top && y < box.bottom) continue;
      const float most = before != nullptr ? std::max(kBeside, known.values[at]) : kBeside;
      answer.values[at] = std::min(answer.values[at], most);
    }
  }
}

}  // namespace gbrs
