// SPDX-License-Identifier: Apache-2.0
#include "session/object_finder.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>

namespace gbrs {
namespace {

/// Clicks of other classes farther than so many radii say nothing of where the object ends.
constexpr double kNearRadii = 2;

bool is_other(const Click& click, const Click& newest) {
  if (click.mode != ClickMode::value || click.same_as || newest.same_as || click.target == newest.target) return false;
  return std::hypot(click.x - newest.x, click.y - newest.y) <= kNearRadii * *newest.radius;
}

/// The answer where the frame has pixels.
Expected<FrameMap> on_frame(const Answer& answer, const Frame& frame) {
  const double scale = std::min(1.0, std::max(frame.scale_x(), frame.scale_y()));
  const auto scaled = [&](int length) { return static_cast<int>(std::lround(scale * length)); };
  const Rectangle& box = frame.box;
  auto seen = answer.render(
      {scaled(box.x), scaled(box.y), std::max(1, scaled(box.width)), std::max(1, scaled(box.height))}, scale);
  if (!seen) return std::unexpected(std::move(seen.error()));
  FrameMap map{.width = frame.width, .height = frame.height, .values = {}};
  map.values.resize(static_cast<std::size_t>(map.width) * static_cast<std::size_t>(map.height));
  cv::Mat pixels(map.height, map.width, CV_32F, map.values.data());
  cv::resize(cv::Mat(seen->height, seen->width, CV_32F, seen->values.data()), pixels, pixels.size(), 0, 0,
             cv::INTER_AREA);
  return map;
}

}  // namespace

Expected<std::shared_ptr<const FrameMap>> ObjectFinder::object_of_last(std::span<const Click> clicks,
                                                                       const Frame& frame) {
  const Click& newest = clicks.back();
  Step step{.clicks = {{.x = newest.x, .y = newest.y, .radius = newest.radius}}};
  for (const Click& click : clicks.first(clicks.size() - 1))
    if (is_other(click, newest)) step.clicks.push_back({.x = click.x, .y = click.y, .target = kExclude});
  objects_.undo();  // what was asked before is not kept
  if (auto told = objects_.restore({std::move(step)}); !told) return std::unexpected(std::move(told.error()));
  const auto answer = objects_.wait();
  if (!answer) return std::unexpected(answer.error());
  auto map = on_frame(*answer, frame);
  if (!map) return std::unexpected(std::move(map.error()));
  return std::make_shared<const FrameMap>(std::move(*map));
}

SessionOptions object_finder_options() {
  SessionOptions options{.layer = LayerType::none, .publish_every = 0};
  options.method.comes_close = false;
  options.method.mirrors = false;
  return options;
}

}  // namespace gbrs
