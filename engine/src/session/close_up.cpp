// SPDX-License-Identifier: Apache-2.0
#include "session/close_up.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <ranges>
#include <utility>

#include "session/resampling.hpp"
#include "session/shared_work.hpp"
#include "session/zoom.hpp"

namespace gbrs {
namespace {

/// A close-up's side in diameters of the click.
constexpr double kMargin = 1.5;
/// It is made where the frame's longer side is more than this many of its own.
constexpr double kWorthIt = 1.2;
/// Share of a side over which it fades, where the picture goes on.
constexpr double kFade = 0.12;
/// Differences of probabilities up to which, and from which on, the object's answer is the same, and another; how far
/// from another one, grid pixels, what lies between is another, too.
constexpr double kSame = 0.03, kOther = 0.5;
constexpr int kSoftEdge = 10;
/// What is kept for drawing one takes 4 MB.
constexpr std::size_t kMost = 32;

struct Fading {
  bool left, right, top, bottom;
};

/// `shown`: beyond it nothing is seen that it would have to fade into.
Fading fading(const Rectangle& box, const Rectangle& shown) {
  return {box.x > shown.x, box.x + box.width < shown.x + shown.width, box.y > shown.y,
          box.y + box.height < shown.y + shown.height};
}

std::vector<float> ramp(int count, bool at_begin, bool at_end) {
  const double width = kFade * (count - 1);
  std::vector<float> values;
  for (int i = 0; i < count; ++i) {
    double value = 1;
    if (at_begin) value = std::min(value, i / width);
    if (at_end) value = std::min(value, (count - 1 - i) / width);
    values.push_back(static_cast<float>(value));
  }
  return values;
}

/// The map's own values.
cv::Mat values_of(const FrameMap& map) {
  return {map.height, map.width, CV_32F, const_cast<float*>(map.values.data())};
}

cv::Mat probabilities(const FrameMap& logits) {
  cv::Mat result;
  cv::exp(-values_of(logits), result);
  return 1 / (1 + result);
}

/// The part that is seen wholly in any frame.
cv::Rect2d core(const Rectangle& box, cv::Size picture) {
  const Fading fades = fading(box, {0, 0, picture.width, picture.height});
  const double x = kFade * box.width, y = kFade * box.height;
  const double left = box.x + (fades.left ? x : 0), right = box.x + box.width - (fades.right ? x : 0);
  const double top = box.y + (fades.top ? y : 0), bottom = box.y + box.height - (fades.bottom ? y : 0);
  return {left, top, right - left, bottom - top};
}

}  // namespace

std::optional<Frame> close_up_frame(const Frame& frame, const Click& click, double radius,
                                    const InputSettings& settings) {
  const double side = std::max(2 * radius * kMargin, settings.long_side / kLargestScale);
  if (side * kWorthIt >= std::max(frame.box.width, frame.box.height)) return std::nullopt;
  const auto interval = [&](double centre, int begin, int size) {
    const int length = std::min(static_cast<int>(std::lround(side)), size);
    const int first = static_cast<int>(std::lround(centre - length / 2.0));
    return std::pair{std::clamp(first, begin, begin + size - length), length};
  };
  const auto [x, width] = interval(click.x, frame.box.x, frame.box.width);
  const auto [y, height] = interval(click.y, frame.box.y, frame.box.height);
  return Frame::of({x, y, width, height}, settings);
}

void take_back_elsewhere(FrameMap& answer, const FrameMap& before, const Frame& frame, const FrameClick& click,
                         double radius) {
  constexpr double kLeastReach = 2;  // grid pixels
  const FrameMap given = resized_to_corners(before, answer.width, answer.height);
  cv::Mat now = values_of(answer);
  const cv::Mat then = values_of(given);
  const double to_grid = static_cast<double>(answer.width - 1) / (frame.width - 1);
  const cv::Point2d place(click.u * to_grid, click.v * to_grid);
  const auto is_around = [&, reach = std::max(kLeastReach, radius * to_grid)](int x, int y) {
    return cv::norm(cv::Point2d(x, y) - place) <= reach;
  };
  cv::Mat parts;
  const int count = cv::connectedComponents((now > 0) ^ (then > 0), parts, 8);
  std::vector<bool> is_meant(static_cast<std::size_t>(count));
  for (int y = 0; y < parts.rows; ++y)
    for (int x = 0; x < parts.cols; ++x)
      if (is_around(x, y)) is_meant[static_cast<std::size_t>(parts.at<int>(y, x))] = true;
  is_meant[0] = false;  // what is where it was
  for (int y = 0; y < parts.rows; ++y)
    for (int x = 0; x < parts.cols; ++x) {
      const int part = parts.at<int>(y, x);
      if (is_meant[static_cast<std::size_t>(part)] || is_around(x, y)) continue;
      float& value = now.at<float>(y, x);
      const float old = then.at<float>(y, x);
      // nor does it become less sure there
      if (part != 0 || std::abs(old) > std::abs(value)) value = old;
    }
}

const CloseUp* newest_at(const Click& click, const CloseUps& close_ups) {
  for (const auto& close_up : std::views::reverse(close_ups))
    if (close_up->frame.holds(click)) return close_up.get();
  return nullptr;
}

bool disagrees(const CloseUp& close_up, const Click& click) {
  return (value_at(close_up.answer, close_up.frame, click) > 0) != (click.target > 0);
}

cv::Mat share_of(const CloseUp& close_up, const LayeredAnswer& of) {
  const FrameMap& then = close_up.object;
  const FrameMap now = moved(of.answer, of.frame, close_up.frame, {then.width, then.height});
  const Fading fades = fading(close_up.frame.box, of.frame.box);
  const cv::Mat difference = cv::abs(probabilities(now) - probabilities(then));
  cv::Mat is_other = difference > kOther;
  if (cv::countNonZero(is_other) > 0) {  // with all that is soft around it, else its outline would stay
    const cv::Mat is_touched = difference > kSame;
    for (int i = 0; i < kSoftEdge; ++i) {
      cv::dilate(is_other, is_other, {});
      is_other &= is_touched;
    }
  }
  cv::Mat share;
  cv::blur(~is_other, share, {3, 3});
  share.convertTo(share, CV_32F, 1.0 / 255);
  const std::vector<float> across = ramp(share.cols, fades.left, fades.right);
  const std::vector<float> down = ramp(share.rows, fades.top, fades.bottom);
  for (int y = 0; y < share.rows; ++y) {
    auto* const row = share.ptr<float>(y);
    for (int x = 0; x < share.cols; ++x)
      row[x] *= std::min(down[static_cast<std::size_t>(y)], across[static_cast<std::size_t>(x)]);
  }
  return share;
}

FrameMap joined(const LayeredAnswer& answer, const Frame& frame) {
  FrameMap result = moved(answer.answer, answer.frame, frame);
  struct Part {
    SharedGrid grid;
    cv::Mat share;
  };
  std::vector<Part> parts(answer.close_ups.size());
  share_work(parts.size(), [&](std::size_t i) {
    const CloseUp& close_up = *answer.close_ups[i];
    parts[i].grid = shared_grid(close_up.answer, close_up.frame, frame, {result.width, result.height});
    if (!parts[i].grid.is_empty()) parts[i].share = share_of(close_up, answer);
  });
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto& [grid, share] = parts[i];
    const FrameMap& map = answer.close_ups[i]->answer;
    float* line = result.values.data() + grid.begin(result.width);
    for (const Between& row : grid.rows.places) {
      float* value = line;
      for (const Between& column : grid.columns.places) {
        const float weight = value_at(share.ptr<float>(), map.width, column, row);
        *value = mix(*value, value_at(map.values.data(), map.width, column, row), weight);
        ++value;
      }
      line += result.width;
    }
  }
  return result;
}

CloseUps with_another(const CloseUps& close_ups, std::shared_ptr<const CloseUp> newest, cv::Size picture) {
  const cv::Rect2d seen = core(newest->frame.box, picture);
  CloseUps result;
  for (const auto& close_up : close_ups) {
    const cv::Rect2d hidden = core(close_up->frame.box, picture);
    if ((hidden & seen) != hidden) result.push_back(close_up);
  }
  if (result.size() >= kMost) result.erase(result.begin(), result.end() - (kMost - 1));
  result.push_back(std::move(newest));
  return result;
}

}  // namespace gbrs
