// SPDX-License-Identifier: Apache-2.0
#include "evaluation/matte_metrics.hpp"

#include <cassert>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace gbrs {
namespace {

constexpr std::uint8_t kUnknown = 128;

cv::Mat in_units(const cv::Mat& image, int type) {
  cv::Mat result;
  image.convertTo(result, type);
  result /= 255.0;  // not the factor 1/255: 51/255 must be 0.2 in float32
  return result;
}

/// The largest 4-connected region of `mask` (CV_8U), CV_8U; empty without any.
cv::Mat largest_region(const cv::Mat& mask) {
  cv::Mat labels, statistics, centres;
  const int count = cv::connectedComponentsWithStats(mask, labels, statistics, centres, 4, CV_32S);
  int area = 0;
  for (int label = 1; label < count; ++label) area = std::max(area, statistics.at<int>(label, cv::CC_STAT_AREA));
  if (area == 0) return {};
  for (int x = 0; x < labels.cols; ++x)
    for (int y = 0; y < labels.rows; ++y) {
      const int label = labels.at<int>(y, x);
      if (label > 0 && statistics.at<int>(label, cv::CC_STAT_AREA) == area) return labels == label;
    }
  return {};
}

/// 1 - d where the matte is above the level by d >= 0.15, else 1.
float connectivity(float value, float level) {
  const float above = value - level;
  return above >= 0.15F ? 1 - above : 1;
}

}  // namespace

cv::Mat gradient_kernel() {
  constexpr double sigma = 1.4;
  constexpr int half = 4;  // ceil(sigma sqrt(-2 ln(sqrt(2 pi) sigma 0.01)))
  const auto gauss = [](double u) {
    return std::exp(-u * u / (2 * sigma * sigma)) / (sigma * std::sqrt(2 * std::numbers::pi));
  };
  cv::Mat kernel(2 * half + 1, 2 * half + 1, CV_64F);
  for (int y = -half; y <= half; ++y)
    for (int x = -half; x <= half; ++x)
      kernel.at<double>(y + half, x + half) = gauss(y) * -x * gauss(x) / (sigma * sigma);
  return kernel / cv::norm(kernel);
}

cv::Mat gradient_magnitude(const cv::Mat& image) {
  double least = 0, most = 0;
  cv::minMaxLoc(image, &least, &most);
  if (least == most) return cv::Mat::zeros(image.size(), CV_64F);
  cv::Mat stretched;
  image.convertTo(stretched, CV_64F);
  stretched = (stretched - least) / (most - least);
  const cv::Mat kernel = gradient_kernel();
  cv::Mat x, y, magnitude;
  cv::filter2D(stretched, x, CV_64F, kernel, {-1, -1}, 0, cv::BORDER_REPLICATE);
  cv::filter2D(stretched, y, CV_64F, kernel.t(), {-1, -1}, 0, cv::BORDER_REPLICATE);
  cv::magnitude(x, y, magnitude);
  return magnitude;
}

cv::Mat connected_level(const cv::Mat& prediction, const cv::Mat& truth) {
  const cv::Mat least = cv::min(in_units(prediction, CV_32F), in_units(truth, CV_32F));
  cv::Mat level(prediction.size(), CV_32F, cv::Scalar(-1));
  for (int k = 1; k <= 10; ++k) {
    const cv::Mat region = largest_region(least >= static_cast<float>(k * 0.1));
    if (region.empty()) continue;
    level.setTo((k - 1) * 0.1, (level == -1) & ~region);
  }
  level.setTo(1, level == -1);
  return level;
}

std::optional<MatteErrors> matte_errors(const cv::Mat& prediction, const cv::Mat& truth, const cv::Mat& trimap) {
  assert(prediction.type() == CV_8U && truth.type() == CV_8U && trimap.type() == CV_8U);
  assert(prediction.size() == truth.size() && prediction.size() == trimap.size());
  const cv::Mat p = in_units(prediction, CV_32F), t = in_units(truth, CV_32F);
  const cv::Mat gradient_p = gradient_magnitude(prediction), gradient_t = gradient_magnitude(truth);
  const cv::Mat level = connected_level(prediction, truth);
  MatteErrors errors;
  for (int y = 0; y < trimap.rows; ++y) {
    for (int x = 0; x < trimap.cols; ++x) {
      if (trimap.at<std::uint8_t>(y, x) != kUnknown) continue;
      const double difference = std::abs(prediction.at<std::uint8_t>(y, x) - truth.at<std::uint8_t>(y, x)) / 255.0;
      const double steeper = gradient_p.at<double>(y, x) - gradient_t.at<double>(y, x);
      const float own_level = level.at<float>(y, x);
      ++errors.unknown_pixels;
      errors.sad += difference;
      errors.mse += difference * difference;
      errors.grad += steeper * steeper;
      errors.conn += std::abs(connectivity(p.at<float>(y, x), own_level) - connectivity(t.at<float>(y, x), own_level));
    }
  }
  if (errors.unknown_pixels == 0) return std::nullopt;
  errors.mse /= static_cast<double>(errors.unknown_pixels);
  for (double* sum : {&errors.sad, &errors.grad, &errors.conn}) *sum /= 1000;
  return errors;
}

}  // namespace gbrs
