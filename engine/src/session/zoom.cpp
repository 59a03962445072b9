// SPDX-License-Identifier: Apache-2.0
#include "session/zoom.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace gbrs {
namespace {

/// Parts of an answer below this share of all that is selected are specks, unless they were clicked.
constexpr double kSpeck = 0.01;
/// A frame shows at least this much around what it must show: something to compare with.
constexpr double kLeastMargin = 1.1;
/// The same, in radii, around a click that says how far it reaches: that disc is larger than what is meant. On GrabCut
/// the first answer's IoU is .58 with 1.1 and .64 with 1.5.
constexpr double kReachMargin = 1.5;
/// And around a box, in its sides.
constexpr double kBoxMargin = 1.4;
/// An answer is cut off where it covers this share of a frame's side.
constexpr double kCutShare = 0.04;
constexpr double kWidening = 2;
/// A frame's sides come in few proportions, so that nothing is prepared anew at each zoom.
constexpr int kProportions = 7;  // 1/7 .. 7/7 of the longer side; those below kNarrowest are left out
constexpr int kNarrowest = 4;

/// [left, right) x [top, bottom) in continuous image pixels; empty at first.
struct Bounds {
  double left = 1e300, top = 1e300, right = -1e300, bottom = -1e300;

  void add(double x, double y, double reach = 0) {
    left = std::min(left, x - reach);
    right = std::max(right, x + reach);
    top = std::min(top, y - reach);
    bottom = std::max(bottom, y + reach);
  }
  void add(const Bounds& other) {
    if (other.is_empty()) return;
    add(other.left, other.top);
    add(other.right, other.bottom);
  }
  [[nodiscard]] bool is_empty() const { return right < left; }
  [[nodiscard]] double longer() const { return std::max(right - left, bottom - top); }
  [[nodiscard]] Bounds grown(double factor) const {
    if (is_empty()) return *this;
    const double dx = (right - left) * (factor - 1) / 2;
    const double dy = (bottom - top) * (factor - 1) / 2;
    return {left - dx, top - dy, right + dx, bottom + dy};
  }
  [[nodiscard]] Bounds within(double width, double height) const {
    return {std::max(left, 0.0), std::max(top, 0.0), std::min(right, width), std::min(bottom, height)};
  }
};

bool holds(const Rectangle& box, const Bounds& bounds) {
  return bounds.is_empty() || (bounds.left >= box.x && bounds.top >= box.y && bounds.right <= box.x + box.width &&
                               bounds.bottom <= box.y + box.height);
}

/// The selected parts of the answer that are large or clicked, in image pixels.
Bounds object(const ZoomInput& input) {
  Bounds bounds;
  if (input.answer == nullptr) return bounds;
  const FrameMap& answer = *input.answer;
  const Frame& frame = input.before;
  const cv::Mat logits(answer.height, answer.width, CV_32F, const_cast<float*>(answer.values.data()));
  const cv::Mat selected = logits > 0;
  cv::Mat labels, statistics, centres;
  const int parts = cv::connectedComponentsWithStats(selected, labels, statistics, centres, 8);
  const double step_u = static_cast<double>(frame.width - 1) / std::max(1, answer.width - 1);
  const double step_v = static_cast<double>(frame.height - 1) / std::max(1, answer.height - 1);
  std::vector<bool> is_clicked(static_cast<std::size_t>(parts));
  for (const Click& click : input.clicks) {
    const int i = static_cast<int>(std::lround(frame.u(click.x) / step_u));
    const int j = static_cast<int>(std::lround(frame.v(click.y) / step_v));
    if (click.target > 0 && i >= 0 && j >= 0 && i < answer.width && j < answer.height)
      is_clicked[static_cast<std::size_t>(labels.at<int>(j, i))] = true;
  }
  const double speck = kSpeck * cv::countNonZero(selected);
  for (int part = 1; part < parts; ++part) {
    const int* row = statistics.ptr<int>(part);
    if (row[cv::CC_STAT_AREA] < speck && !is_clicked[static_cast<std::size_t>(part)]) continue;
    const auto x = [&](double i) { return frame.box.x + (i * step_u + 0.5) / frame.scale_x(); };
    const auto y = [&](double j) { return frame.box.y + (j * step_v + 0.5) / frame.scale_y(); };
    const int left = row[cv::CC_STAT_LEFT], top = row[cv::CC_STAT_TOP];
    bounds.add(x(left - 0.5), y(top - 0.5));
    bounds.add(x(left + row[cv::CC_STAT_WIDTH] - 0.5), y(top + row[cv::CC_STAT_HEIGHT] - 0.5));
  }
  return bounds;
}

int whole_pixel(double value, int size) { return std::clamp(static_cast<int>(std::lround(value)), 0, size); }

/// `centre` +- half of `length`, moved and cut to lie within [0, size].
std::pair<int, int> interval(double centre, double length, int size) {
  length = std::min(length, static_cast<double>(size));
  const double first = std::clamp(centre - length / 2, 0.0, size - length);
  const int begin = whole_pixel(first, size);
  return {begin, std::max(whole_pixel(first + length, size) - begin, 1)};
}

/// A frame around `bounds`: grown to the least size and to one of few proportions, within the picture.
Frame frame_around(const Bounds& bounds, int image_width, int image_height, const InputSettings& settings) {
  const double least = std::min<double>(settings.long_side / kLargestScale, std::max(image_width, image_height));
  const double longer = std::max(bounds.longer(), least);
  const auto side = [&](double length) {
    const int part =
        std::clamp(static_cast<int>(std::ceil(kProportions * length / longer - 1e-6)), kNarrowest, kProportions);
    return longer * part / kProportions;
  };
  const double across = bounds.right - bounds.left, down = bounds.bottom - bounds.top;
  const double width = across >= down ? longer : side(across), height = down >= across ? longer : side(down);
  const auto [x, w] = interval((bounds.left + bounds.right) / 2, width, image_width);
  const auto [y, h] = interval((bounds.top + bounds.bottom) / 2, height, image_height);
  return Frame::of({x, y, w, h}, settings);
}

}  // namespace

Frame zoomed_frame(const ZoomInput& input, const InputSettings& settings, const ZoomSettings& zoom) {
  const Bounds selected = object(input);
  Bounds clicked;  // what of the clicks must be seen whatever was selected
  Bounds reached;  // with the radii that say how far
  for (std::size_t i = 0; i < input.clicks.size(); ++i) {
    const Click& click = input.clicks[i];
    const bool is_new = i >= input.first_new;
    if (!is_new && click.target < 0 && !input.keeps_all_clicks) continue;
    clicked.add(std::floor(click.x) + 0.5, std::floor(click.y) + 0.5, 0.5);
    if (is_new && click.radius && !input.box) reached.add(click.x, click.y, *click.radius + 1);
  }
  Bounds boxed;
  if (input.box) {
    boxed.add(input.box->left, input.box->top);
    boxed.add(input.box->right, input.box->bottom);
  }
  const bool has_object = !selected.is_empty() || !reached.is_empty() || !boxed.is_empty();
  if (!has_object && holds(input.before.box, clicked)) return input.before;

  const double width = input.image_width, height = input.image_height;
  Bounds least = selected.grown(kLeastMargin);
  least.add(clicked);
  least.add(reached);
  least.add(boxed.grown(kLeastMargin));
  least = least.within(width, height);
  Bounds wanted = selected;
  wanted.add(clicked);
  wanted = wanted.grown(zoom.margin);
  if (!has_object) wanted.add(Bounds{0, 0, width, height});
  wanted.add(reached.grown(kReachMargin));
  wanted.add(boxed.grown(kBoxMargin));
  const Frame next = frame_around(wanted.within(width, height), input.image_width, input.image_height, settings);
  const auto longer = [](const Frame& frame) { return std::max(frame.box.width, frame.box.height); };
  const bool stays = holds(input.before.box, least) && longer(input.before) <= zoom.slack * longer(next);
  return stays ? input.before : next;
}

std::optional<Frame> wider_frame(const FrameMap& answer, const Frame& frame, int image_width, int image_height,
                                 const InputSettings& settings) {
  const Rectangle& box = frame.box;
  const cv::Mat logits(answer.height, answer.width, CV_32F, const_cast<float*>(answer.values.data()));
  const auto is_cut = [](const cv::Mat& side) {
    return cv::countNonZero(side > 0) > kCutShare * static_cast<double>(side.total());
  };
  const bool is_too_narrow = (box.x > 0 && is_cut(logits.col(0))) || (box.y > 0 && is_cut(logits.row(0))) ||
                             (box.x + box.width < image_width && is_cut(logits.col(answer.width - 1))) ||
                             (box.y + box.height < image_height && is_cut(logits.row(answer.height - 1)));
  if (!is_too_narrow) return std::nullopt;
  Bounds seen;
  seen.add(box.x, box.y);
  seen.add(box.x + box.width, box.y + box.height);
  const Frame wider =
      frame_around(seen.grown(kWidening).within(image_width, image_height), image_width, image_height, settings);
  return wider != frame ? std::optional(wider) : std::nullopt;
}

std::vector<FrameSize> zoomed_frame_sizes(const InputSettings& settings) {
  std::vector<FrameSize> sizes;
  for (int part = kProportions; part >= kNarrowest; --part) {
    const Frame upright = Frame::of({0, 0, part * settings.long_side, kProportions * settings.long_side}, settings);
    sizes.push_back({upright.width, upright.height});
    if (part < kProportions) sizes.push_back({upright.height, upright.width});
  }
  return sizes;
}

}  // namespace gbrs
