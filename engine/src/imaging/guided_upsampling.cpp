// SPDX-License-Identifier: Apache-2.0
#include "imaging/guided_upsampling.hpp"

#include <iterator>
#include <mutex>
#include <opencv2/imgproc.hpp>

namespace gbrs {
namespace {

constexpr float kUnit = 1.0F / 255.0F;

cv::Vec3f colour_of(const cv::Vec3b& pixel) { return cv::Vec3f(pixel) * kUnit; }

cv::Vec6f products(const cv::Vec3f& c) {
  return {c[0] * c[0], c[0] * c[1], c[0] * c[2], c[1] * c[1], c[1] * c[2], c[2] * c[2]};
}

/// Sums over the window, of the pixels that exist.
cv::Mat window_sum(const cv::Mat& values, int radius) {
  cv::Mat sum;
  cv::boxFilter(values, sum, CV_32F, {2 * radius + 1, 2 * radius + 1}, {-1, -1}, false, cv::BORDER_CONSTANT);
  return sum;
}

/// Of the symmetric 3 x 3 matrix s + epsilon * 1, (rr rg rb gg gb bb).
cv::Vec6f inverse(const cv::Vec6f& s, double epsilon) {
  const double rr = s[0] + epsilon, rg = s[1], rb = s[2], gg = s[3] + epsilon, gb = s[4], bb = s[5] + epsilon;
  const cv::Vec6d adjugate{gg * bb - gb * gb, gb * rb - rg * bb, rg * gb - gg * rb,
                           rr * bb - rb * rb, rb * rg - rr * gb, rr * gg - rg * rg};
  const double determinant = rr * adjugate[0] + rg * adjugate[1] + rb * adjugate[2];
  return adjugate * (1 / determinant);
}

cv::Vec3f product(const cv::Vec6f& s, const cv::Vec3f& c) {
  return {s[0] * c[0] + s[1] * c[1] + s[2] * c[2], s[1] * c[0] + s[3] * c[1] + s[4] * c[2],
          s[2] * c[0] + s[4] * c[1] + s[5] * c[2]};
}

}  // namespace

struct GuidedFilter::Windows {
  void compute(const cv::Mat& guide, int radius, double epsilon);

  std::once_flag are_computed;
  cv::Mat shares;    // CV_32F: 1 / pixels of the window that exist
  cv::Mat means;     // CV_32FC3, colours 0..1
  cv::Mat inverses;  // CV_32FC(6): of covariance + epsilon, (rr rg rb gg gb bb)
};

void GuidedFilter::Windows::compute(const cv::Mat& guide, int radius, double epsilon) {
  shares = 1 / window_sum(cv::Mat::ones(guide.size(), CV_32F), radius);
  cv::Mat colours(guide.size(), CV_32FC3), squares(guide.size(), CV_32FC(6));
  for (int y = 0; y < guide.rows; ++y)
    for (int x = 0; x < guide.cols; ++x) {
      const cv::Vec3f c = colour_of(guide.at<cv::Vec3b>(y, x));
      colours.at<cv::Vec3f>(y, x) = c;
      squares.at<cv::Vec6f>(y, x) = products(c);
    }
  means = window_sum(colours, radius);
  inverses = window_sum(squares, radius);
  for (int y = 0; y < guide.rows; ++y)
    for (int x = 0; x < guide.cols; ++x) {
      const float share = shares.at<float>(y, x);
      auto& mean = means.at<cv::Vec3f>(y, x);
      auto& of_window = inverses.at<cv::Vec6f>(y, x);
      mean *= share;
      of_window = inverse(of_window * share - products(mean), epsilon);
    }
}

GuidedFilter::GuidedFilter(const cv::Mat& guide, int radius, double epsilon)
    : radius_(radius), epsilon_(epsilon), guide_(guide), windows_(std::make_shared<Windows>()) {}

GuidedModel GuidedFilter::fit(const cv::Mat& map) const {
  std::call_once(windows_->are_computed, [this] { windows_->compute(guide_, radius_, epsilon_); });
  cv::Mat with_map(map.size(), CV_32FC4);  // (colour * value, value)
  for (int y = 0; y < map.rows; ++y) {
    const auto* pixels = guide_.ptr<cv::Vec3b>(y);
    const auto* values = map.ptr<float>(y);
    auto* out = with_map.ptr<cv::Vec4f>(y);
    for (int x = 0; x < map.cols; ++x) {
      const cv::Vec3f c = colour_of(pixels[x]) * values[x];
      out[x] = {c[0], c[1], c[2], values[x]};
    }
  }
  cv::Mat models = window_sum(with_map, radius_);
  for (int y = 0; y < map.rows; ++y) {
    const auto* shares = windows_->shares.ptr<float>(y);
    const auto* means = windows_->means.ptr<cv::Vec3f>(y);
    const auto* inverses = windows_->inverses.ptr<cv::Vec6f>(y);
    auto* model = models.ptr<cv::Vec4f>(y);
    for (int x = 0; x < map.cols; ++x) {
      const cv::Vec4f mean = model[x] * shares[x];
      const cv::Vec3f covariance = cv::Vec3f(mean[0], mean[1], mean[2]) - means[x] * mean[3];
      const cv::Vec3f a = product(inverses[x], covariance);
      model[x] = {a[0], a[1], a[2], mean[3] - a.dot(means[x])};
    }
  }
  models = window_sum(models, radius_);
  for (int y = 0; y < map.rows; ++y) {
    const auto* shares = windows_->shares.ptr<float>(y);
    auto* model = models.ptr<cv::Vec4f>(y);
    for (int x = 0; x < map.cols; ++x) model[x] *= shares[x];
  }
  return {std::move(models)};
}

GuidedModel unguided_model(const cv::Mat& map) {
  const cv::Mat zero = cv::Mat::zeros(map.size(), CV_32F);
  const cv::Mat channels[] = {zero, zero, zero, map};
  GuidedModel model;
  cv::merge(channels, std::size(channels), model.coefficients);
  return model;
}

}  // namespace gbrs
