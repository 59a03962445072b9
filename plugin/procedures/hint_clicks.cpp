// SPDX-License-Identifier: GPL-3.0-or-later
#include "procedures/hint_clicks.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace gbrs::plugin {
namespace {

constexpr std::size_t kMostParts = 20;
constexpr int kMostClicksAStroke = 16;
/// Clicks of a stroke are at least so many of its half widths apart: closer ones say the same.
constexpr double kSpacing = 4;

struct Part {
  cv::Mat depth;  ///< distance to the part's outside, 0 beyond it; the picture's border counts as outside
  cv::Point corner;
  int pixels = 0;
};

// Largest first.
std::vector<Part> parts(const Map& coverage) {
  const cv::Mat values(coverage.height, coverage.width, CV_32F, const_cast<float*>(coverage.values.data()));
  cv::Mat labels;
  cv::Mat boxes;
  cv::Mat centres;
  const int count = cv::connectedComponentsWithStats(values > 0.5F, labels, boxes, centres, 8, CV_32S);
  std::vector<Part> found;
  for (int i = 1; i < count; ++i) {
    const cv::Rect box(boxes.at<int>(i, cv::CC_STAT_LEFT), boxes.at<int>(i, cv::CC_STAT_TOP),
                       boxes.at<int>(i, cv::CC_STAT_WIDTH), boxes.at<int>(i, cv::CC_STAT_HEIGHT));
    cv::Mat padded;
    cv::copyMakeBorder(labels(box) == i, padded, 1, 1, 1, 1, cv::BORDER_CONSTANT, 0);
    cv::Mat depth;
    cv::distanceTransform(padded, depth, cv::DIST_L2, cv::DIST_MASK_PRECISE, CV_32F);
    found.push_back({.depth = depth({1, 1, box.width, box.height}).clone(),
                     .corner = box.tl(),
                     .pixels = boxes.at<int>(i, cv::CC_STAT_AREA)});
  }
  std::ranges::stable_sort(found, std::ranges::greater{}, &Part::pixels);
  found.resize(std::min(found.size(), kMostParts));
  return found;
}

Click click_at(const Part& part, cv::Point place, double target) {
  return {
      .x = part.corner.x + place.x + 0.5, .y = part.corner.y + place.y + 0.5, .radius = std::nullopt, .target = target};
}

double reach(const Part& part, cv::Point from) {
  double farthest = 0;
  for (int y = 0; y < part.depth.rows; ++y) {
    for (int x = 0; x < part.depth.cols; ++x) {
      if (part.depth.at<float>(y, x) > 0) farthest = std::max(farthest, std::hypot(x - from.x, y - from.y));
    }
  }
  return farthest;
}

std::vector<Click> clicks_along(Part part, double target) {
  std::vector<Click> clicks;
  double half_width = 0;
  double spacing = 0;
  for (int i = 0; i < kMostClicksAStroke; ++i) {
    double deepest = 0;
    cv::Point place;
    cv::minMaxLoc(part.depth, nullptr, &deepest, nullptr, &place);
    if (i == 0) {
      half_width = deepest;
      const double length = std::hypot(part.depth.cols, part.depth.rows);
      spacing = std::max(kSpacing * half_width, 2 * length / kMostClicksAStroke);
    }
    if (deepest <= half_width / 3) break;  // only the rims between the clicks are left
    clicks.push_back(click_at(part, place, target));
    cv::circle(part.depth, place, static_cast<int>(std::lround(spacing)), cv::Scalar(0), cv::FILLED);
  }
  return clicks;
}

}  // namespace

std::vector<Click> clicks_of_region(const Map& coverage) {
  std::vector<Click> clicks;
  for (const Part& part : parts(coverage)) {
    cv::Point place;
    cv::minMaxLoc(part.depth, nullptr, nullptr, nullptr, &place);
    clicks.push_back(click_at(part, place, kInclude));
    clicks.back().radius = reach(part, place);
  }
  return clicks;
}

std::vector<std::vector<Click>> clicks_of_strokes(const Map& coverage, double target) {
  std::vector<std::vector<Click>> runs;
  for (Part& part : parts(coverage)) runs.push_back(clicks_along(std::move(part), target));
  return runs;
}

}  // namespace gbrs::plugin
