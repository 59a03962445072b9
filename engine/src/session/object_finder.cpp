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

bool names_class(const Click& click) { return click.mode == ClickMode::value && !click.same_as; }

bool is_of_another_class(const Click& click, const Click& other) {
  return names_class(click) && names_class(other) && click.target != other.target;
}

bool is_near(const Click& click, const Click& with_radius) {
  return std::hypot(click.x - with_radius.x, click.y - with_radius.y) <= kNearRadii * *with_radius.radius;
}

bool lies_in(const Click& click, const ClickObject& object, const Frame& frame) {
  if (!object.coverage) return false;
  const auto pixel = [](double position, int count) { return std::clamp<long>(std::lround(position), 0, count - 1); };
  const auto x = static_cast<std::size_t>(pixel(frame.u(click.x), frame.width));
  const auto y = static_cast<std::size_t>(pixel(frame.v(click.y), frame.height));
  return object.coverage->values[y * static_cast<std::size_t>(frame.width) + x] > 0.5F;
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

Expected<void> ObjectFinder::find_last(std::span<const Asked> clicks, const Frame& frame) {
  const Asked& newest = clicks.back();
  const bool has_object = newest.click.mode == ClickMode::value && newest.click.radius;
  std::vector<const Click*> far;  // of another class; the object itself shows which of them lie in it
  for (const Asked& earlier : clicks.first(clicks.size() - 1)) {
    if (!is_of_another_class(newest.click, earlier.click)) continue;
    if (lies_in(newest.click, earlier.object, frame)) {
      earlier.object.others.push_back({newest.click.x, newest.click.y});
      if (auto again = find(earlier, frame); !again) return again;
    }
    if (has_object && is_near(earlier.click, newest.click))
      newest.object.others.push_back({earlier.click.x, earlier.click.y});
    else
      far.push_back(&earlier.click);
  }
  if (!has_object) return {};
  if (auto found = find(newest, frame); !found) return found;
  std::erase_if(far, [&](const Click* click) { return !lies_in(*click, newest.object, frame); });
  for (const Click* click : far) newest.object.others.push_back({click->x, click->y});
  return far.empty() ? Expected<void>() : find(newest, frame);
}

Expected<void> ObjectFinder::find(const Asked& asked, const Frame& frame) {
  const Click& click = asked.click;
  Step step{.clicks = {{.x = click.x, .y = click.y, .radius = click.radius}}};
  for (const Place& other : asked.object.others)
    step.clicks.push_back({.x = other.x, .y = other.y, .target = kExclude});
  objects_.undo();  // what was asked before is not kept
  if (auto told = objects_.restore({std::move(step)}); !told) return told;
  const auto answer = objects_.wait();
  if (!answer) return std::unexpected(answer.error());
  auto map = on_frame(*answer, frame);
  if (!map) return std::unexpected(std::move(map.error()));
  asked.object.coverage = std::make_shared<const FrameMap>(std::move(*map));
  return {};
}

SessionOptions object_finder_options() {
  SessionOptions options{.layer = LayerType::none, .publish_every = 0};
  options.method.comes_close = false;
  options.method.mirrors = false;
  return options;
}

}  // namespace gbrs
