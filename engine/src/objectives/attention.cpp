// SPDX-License-Identifier: Apache-2.0
#include "objectives/attention.hpp"

#include <ATen/ops/arange.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros_like.h>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace gbrs {

Tensor attention_mask(MaskShape shape, const GridClick& click, std::int64_t height, std::int64_t width) {
  const auto options = at::TensorOptions().dtype(at::kDouble);
  const Tensor x = at::arange(width, options).view({1, width}) - click.u;
  const Tensor y = at::arange(height, options).view({height, 1}) - click.v;
  const Tensor squared = x * x + y * y;
  if (shape == MaskShape::disc) return squared.sqrt().gt(click.radius + kDiscMargin).to(at::kDouble);
  if (click.radius == 0) return squared.gt(0).to(at::kDouble);
  return 1 - (squared / (-2 * click.radius * click.radius)).exp();
}

Tensor attention_mask(MaskShape shape, std::span<const GridClick> clicks, std::int64_t height, std::int64_t width) {
  Tensor mask = at::ones({height, width}, at::TensorOptions().dtype(at::kDouble));
  for (const GridClick& click : clicks) mask = mask * attention_mask(shape, click, height, width);
  return mask;
}

double auto_radius(const Tensor& before, const Tensor& first, double u, double v) {
  const Tensor after = first.to(at::kCPU, at::kLong).contiguous();
  const Tensor labels = before.defined() ? before.to(at::kCPU, at::kLong).contiguous() : at::zeros_like(after);
  const int height = static_cast<int>(after.size(0));
  const int width = static_cast<int>(after.size(1));
  const int column = std::clamp(static_cast<int>(std::lround(u)), 0, width - 1);
  const int row = std::clamp(static_cast<int>(std::lround(v)), 0, height - 1);

  Tensor region = labels != after;
  if (!region[row][column].item<bool>()) region = labels == labels[row][column];
  region = region.to(at::kByte).contiguous();
  const cv::Mat mask(height, width, CV_8U, region.data_ptr());
  cv::Mat components;
  cv::connectedComponents(mask, components, 8, CV_32S);

  const int wanted = components.at<int>(row, column);
  double farthest = 0;  // squared
  for (int y = 0; y < height; ++y) {
    const int* line = components.ptr<int>(y);
    for (int x = 0; x < width; ++x) {
      if (line[x] == wanted) farthest = std::max(farthest, (x - u) * (x - u) + (y - v) * (y - v));
    }
  }
  const double diagonal = std::hypot(width - 1, height - 1);
  return std::clamp(std::sqrt(farthest), kAutoRadiusSmallest * diagonal, kAutoRadiusLargest * diagonal);
}

}  // namespace gbrs
