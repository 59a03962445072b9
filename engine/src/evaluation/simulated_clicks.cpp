// SPDX-License-Identifier: Apache-2.0
#include "evaluation/simulated_clicks.hpp"

#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <set>

namespace gbrs {
namespace {

/// Squared distance of each pixel of `region` (CV_8U, 0 or 255) to the nearest pixel outside; exact, since a
/// squared distance is a whole number and its root is exact to less than half a unit for any image here.
cv::Mat squared_depth(const cv::Mat& region, bool border_counts) {
  cv::Mat squared(region.size(), CV_32S);
  if (!border_counts && cv::countNonZero(region) == static_cast<int>(region.total())) {
    squared = region.rows * region.rows + region.cols * region.cols;  // no outside at all
    return squared;
  }
  cv::Mat padded;
  const int border = border_counts ? 1 : 0;
  cv::copyMakeBorder(region, padded, border, border, border, border, cv::BORDER_CONSTANT, 0);
  cv::Mat distance;
  cv::distanceTransform(padded, distance, cv::DIST_L2, cv::DIST_MASK_PRECISE, CV_32F);
  for (int y = 0; y < region.rows; ++y)
    for (int x = 0; x < region.cols; ++x) {
      const double d = distance.at<float>(y + border, x + border);
      squared.at<int>(y, x) = static_cast<int>(std::lround(d * d));
    }
  return squared;
}

/// Makes the click in the middle of `region` the best one if it is deeper.
bool take_deeper(const cv::Mat& region, const SimulationRules& rules, const cv::Mat& clicked,
                 std::optional<SimulatedClick>& best) {
  cv::Mat depth = squared_depth(region, rules.border_counts);
  if (!clicked.empty()) depth.setTo(0, clicked);
  double deepest = 0;
  cv::Point place;
  cv::minMaxLoc(depth, nullptr, &deepest, nullptr, &place);  // the first maximum in row-major order
  if (static_cast<long long>(deepest) <= (best ? best->squared_depth : 0)) return false;
  best = {.u = place.x, .v = place.y, .squared_depth = static_cast<long long>(deepest)};
  return true;
}

/// Otsu's threshold of the levels 0..255 of `valid` pixels: the largest variance between classes, the first of equals;
/// 0 where there is one level only.
int otsu_threshold(const cv::Mat& levels, const cv::Mat& valid) {
  std::array<double, 256> counts{};
  double pixels = 0, sum = 0;
  for (int y = 0; y < levels.rows; ++y)
    for (int x = 0; x < levels.cols; ++x) {
      if (valid.at<std::uint8_t>(y, x) == 0) continue;
      const int level = levels.at<std::uint8_t>(y, x);
      ++counts[static_cast<std::size_t>(level)];
      ++pixels;
      sum += level;
    }
  int threshold = 0;
  double largest = 0, below = 0, sum_below = 0;
  for (int level = 0; level < 255; ++level) {
    const double count = counts[static_cast<std::size_t>(level)];
    below += count;
    sum_below += count * level;
    const double above = pixels - below;
    if (below == 0 || above == 0) continue;
    const double gap = sum_below / below - (sum - sum_below) / above;
    const double variance = below * above * gap * gap;
    if (variance <= largest) continue;
    largest = variance;
    threshold = level;
  }
  return threshold;
}

}  // namespace

cv::Mat missed_pixels(const cv::Mat& prediction, const cv::Mat& truth, int label, int ignored_label) {
  if (label == ignored_label) return cv::Mat::zeros(truth.size(), CV_8U);
  return (truth == label) & (prediction != label);
}

double reach(const cv::Mat& region, int u, int v, int connectivity) {
  cv::Mat labels;
  cv::connectedComponents(region, labels, connectivity, CV_32S);
  const int own = labels.at<int>(v, u);
  long long farthest = 0;
  for (int y = 0; y < labels.rows; ++y)
    for (int x = 0; x < labels.cols; ++x)
      if (labels.at<int>(y, x) == own) {
        const long long dx = x - u;
        const long long dy = y - v;
        farthest = std::max(farthest, dx * dx + dy * dy);
      }
  return std::sqrt(static_cast<double>(farthest));
}

std::optional<SimulatedClick> simulate_click(const cv::Mat& prediction, const cv::Mat& truth, SimulationRules rules,
                                             const cv::Mat& clicked) {
  const cv::Mat wrong = (prediction != truth) & (truth != rules.ignored_label);
  std::set<int> classes;
  for (int y = 0; y < truth.rows; ++y)
    for (int x = 0; x < truth.cols; ++x)
      if (wrong.at<std::uint8_t>(y, x) != 0) classes.insert(truth.at<int>(y, x));
  std::optional<SimulatedClick> best;
  cv::Mat best_region;
  for (const int label : classes) {
    const cv::Mat region = missed_pixels(prediction, truth, label, rules.ignored_label);
    if (!take_deeper(region, rules, clicked, best)) continue;
    best->label = label;
    best_region = region;
  }
  if (best) best->radius = reach(best_region, best->u, best->v, rules.connectivity);
  return best;
}

std::optional<SimulatedClick> simulate_value_click(const cv::Mat& prediction, const cv::Mat& truth,
                                                   const cv::Mat& valid, SimulationRules rules) {
  cv::Mat error = truth - prediction;
  error.setTo(0, valid == 0);
  const cv::Mat size = cv::abs(error);
  double largest = 0;
  cv::minMaxLoc(size, nullptr, &largest);
  if (!(largest > 0)) return std::nullopt;
  cv::Mat levels(error.size(), CV_8U);
  for (int y = 0; y < levels.rows; ++y)
    for (int x = 0; x < levels.cols; ++x)
      levels.at<std::uint8_t>(y, x) =
          static_cast<std::uint8_t>(std::floor(255 * size.at<double>(y, x) / largest + 0.5));
  const cv::Mat wrong = levels > otsu_threshold(levels, valid);

  std::optional<SimulatedClick> best;
  cv::Mat best_region;
  for (const int sign : {1, -1}) {
    const cv::Mat region = wrong & (sign > 0 ? cv::Mat(error > 0) : cv::Mat(error < 0));
    if (!take_deeper(region, rules, {}, best)) continue;
    best->label = sign;
    best_region = region;
  }
  if (!best) return best;
  best->value = truth.at<double>(best->v, best->u);
  cv::Mat grown;
  cv::dilate(best_region, grown, cv::getStructuringElement(cv::MORPH_RECT, {rules.dilation, rules.dilation}));
  best->radius = reach(grown, best->u, best->v, rules.connectivity);
  return best;
}

}  // namespace gbrs
