// SPDX-License-Identifier: Apache-2.0
#include "training/loss.hpp"

#include <ATen/ops/binary_cross_entropy_with_logits.h>

#include <opencv2/imgproc.hpp>

#include "training/examples.hpp"

namespace gbrs {

GridTruth make_grid_truth(const cv::Mat& truth, const LossRecipe& recipe) {
  GridTruth grid;
  grid.labels.create((truth.rows + 1) / 2, (truth.cols + 1) / 2, CV_8UC1);
  for (int y = 0; y < grid.labels.rows; ++y)
    for (int x = 0; x < grid.labels.cols; ++x)
      grid.labels.at<std::uint8_t>(y, x) = truth.at<std::uint8_t>(2 * y, 2 * x);
  grid.weights = cv::Mat::ones(grid.labels.size(), CV_32FC1);
  if (recipe.boundary > 0) {
    const int side = 2 * recipe.boundary_width + 1;
    const cv::Mat disc = cv::getStructuringElement(cv::MORPH_ELLIPSE, {side, side});
    const cv::Mat object = grid.labels == kObject;
    cv::Mat gradient;  // does not see the crop's own border
    cv::morphologyEx(object, gradient, cv::MORPH_GRADIENT, disc);
    grid.weights.setTo(1 + recipe.boundary, gradient);
  }
  grid.weights.setTo(0, grid.labels == kIgnored);
  return grid;
}

Tensor training_loss(const Tensor& logits, const Tensor& labels, const Tensor& weights, double overlap) {
  constexpr double kSmall = 1e-6;  // a crop without a pixel that counts gives 0
  const auto sum = [](const Tensor& values) { return values.sum({1, 2, 3}); };
  const Tensor entropy = at::binary_cross_entropy_with_logits(logits, labels, weights, {}, at::Reduction::None);
  Tensor loss = sum(entropy) / (sum(weights) + kSmall);
  if (overlap > 0) {
    const Tensor probability = logits.sigmoid();
    const Tensor both = sum(weights * probability * labels);
    const Tensor either = sum(weights * (probability + labels)) - both;
    loss = loss + overlap * (1 - (both + kSmall) / (either + kSmall));
  }
  return loss.mean();
}

double overlap_of(const cv::Mat& answer, const cv::Mat& truth) {
  const cv::Mat counts = truth != kIgnored;
  const cv::Mat found = (answer != 0) & counts, object = truth == kObject;
  const int either = cv::countNonZero(found | object);
  return either == 0 ? 1 : static_cast<double>(cv::countNonZero(found & object)) / either;
}

}  // namespace gbrs
