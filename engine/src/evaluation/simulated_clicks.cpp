// SPDX-License-Identifier: Apache-2.0
#include "evaluation/simulated_clicks.hpp"

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
    cv::Mat depth = squared_depth(region, rules.border_counts);
    if (!clicked.empty()) depth.setTo(0, clicked);
    double deepest = 0;
    cv::Point place;
    cv::minMaxLoc(depth, nullptr, &deepest, nullptr, &place);  // the first maximum in row-major order
    if (static_cast<long long>(deepest) <= (best ? best->squared_depth : 0)) continue;
    best = {.u = place.x, .v = place.y, .label = label, .squared_depth = static_cast<long long>(deepest)};
    best_region = region;
  }
  if (best) best->radius = reach(best_region, best->u, best->v, rules.connectivity);
  return best;
}

}  // namespace gbrs
