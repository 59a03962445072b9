// SPDX-License-Identifier: Apache-2.0
#include "session/object_finder.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>

namespace gbrs {
namespace {

/// An object is told of clicks of other classes within so many radii, whether or not it would hold them.
constexpr double kNearRadii = 2;

bool names_class(const Click& click) { return click.mode == ClickMode::value && !click.same_as; }

bool is_of_another_class(const Click& click, const Click& other) {
  return names_class(click) && names_class(other) && click.target != other.target;
}

bool is_near(const Click& other, const Click& click) {
  return std::hypot(other.x - click.x, other.y - click.y) <= kNearRadii * *click.radius;
}

bool lies_in(const Click& click, const ClickObject& object, const Frame& frame) {
  return object.coverage && value_at(*object.coverage, frame, click) > 0.5F;
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

Expected<void> ObjectFinder::find_last(std::span<const ClickAndObject> clicks, const Frame& frame) {
  const auto& [newest, object] = clicks.back();
  std::vector<const Click*> others;
  for (const ClickAndObject& earlier : clicks.first(clicks.size() - 1)) {
    if (!is_of_another_class(newest, earlier.click)) continue;
    others.push_back(&earlier.click);
    if (!lies_in(newest, earlier.object, frame)) continue;
    earlier.object.others.push_back({newest.x, newest.y});
    if (auto found = find(earlier, frame); !found) return found;
  }
  if (newest.mode != ClickMode::value || !newest.radius) return {};
  for (const Click* other : others)
    if (is_near(*other, newest)) object.others.push_back({other->x, other->y});
  if (auto found = find(clicks.back(), frame); !found) return found;
  const std::size_t told = object.others.size();
  for (const Click* other : others)
    if (!is_near(*other, newest) && lies_in(*other, object, frame)) object.others.push_back({other->x, other->y});
  return object.others.size() > told ? find(clicks.back(), frame) : Expected<void>();
}

Expected<void> ObjectFinder::find(const ClickAndObject& about, const Frame& frame) {
  const Click& click = about.click;
  Step step{.clicks = {{.x = click.x, .y = click.y, .radius = click.radius}}};
  for (const Place& other : about.object.others)
    step.clicks.push_back({.x = other.x, .y = other.y, .target = kExclude});
  objects_.undo();  // what was asked before is not kept
  if (auto told = objects_.restore({std::move(step)}); !told) return told;
  const auto answer = objects_.wait();
  if (!answer) return std::unexpected(answer.error());
  auto map = on_frame(*answer, frame);
  if (!map) return std::unexpected(std::move(map.error()));
  about.object.coverage = std::make_shared<const FrameMap>(std::move(*map));
  return {};
}

SessionOptions object_finder_options() {
  SessionOptions options{.layer = LayerType::none, .publish_every = 0};
  options.method.comes_close = false;
  options.method.mirrors = false;
  return options;
}

}  // namespace gbrs
