// SPDX-License-Identifier: Apache-2.0
#include "imaging/guided_upsampling.hpp"

#include <array>
#include <iterator>
#include <opencv2/imgproc.hpp>

namespace gbrs {
namespace {

/// Mean over the window; the border counts the pixels that exist, as in the paper.
cv::Mat window_mean(const cv::Mat& values, const cv::Mat& counts, int radius) {
  cv::Mat sum;
  cv::boxFilter(values, sum, CV_32F, {2 * radius + 1, 2 * radius + 1}, {-1, -1}, false, cv::BORDER_CONSTANT);
  std::vector<cv::Mat> channels(static_cast<std::size_t>(sum.channels()), counts);
  cv::Mat divisor;
  cv::merge(channels, divisor);
  return sum / divisor;
}

/// Solves (covariance + epsilon * 1) a = c for the symmetric 3 x 3 covariance (rr rg rb gg gb bb).
cv::Vec3f solve(const cv::Vec6f& s, float epsilon, const cv::Vec3f& c) {
  const double rr = s[0] + epsilon, rg = s[1], rb = s[2], gg = s[3] + epsilon, gb = s[4], bb = s[5] + epsilon;
  const double i_rr = gg * bb - gb * gb, i_rg = gb * rb - rg * bb, i_rb = rg * gb - gg * rb;
  const double i_gg = rr * bb - rb * rb, i_gb = rb * rg - rr * gb, i_bb = rr * gg - rg * rg;
  const double determinant = rr * i_rr + rg * i_rg + rb * i_rb;
  return {static_cast<float>((i_rr * c[0] + i_rg * c[1] + i_rb * c[2]) / determinant),
          static_cast<float>((i_rg * c[0] + i_gg * c[1] + i_gb * c[2]) / determinant),
          static_cast<float>((i_rb * c[0] + i_gb * c[1] + i_bb * c[2]) / determinant)};
}

}  // namespace

GuidedModel fit_guided_model(const cv::Mat& guide, const cv::Mat& map, int radius, double epsilon) {
  const cv::Mat counts = [&] {
    cv::Mat sum;
    cv::boxFilter(cv::Mat::ones(map.size(), CV_32F), sum, CV_32F, {2 * radius + 1, 2 * radius + 1}, {-1, -1}, false,
                  cv::BORDER_CONSTANT);
    return sum;
  }();
  cv::Mat colour;
  guide.convertTo(colour, CV_32F, 1.0 / 255.0);
  cv::Mat products(map.size(), CV_32FC(6));
  cv::Mat with_map(map.size(), CV_32FC3);
  for (int y = 0; y < map.rows; ++y) {
    const auto* i = colour.ptr<cv::Vec3f>(y);
    const auto* p = map.ptr<float>(y);
    auto* ii = products.ptr<cv::Vec6f>(y);
    auto* ip = with_map.ptr<cv::Vec3f>(y);
    for (int x = 0; x < map.cols; ++x) {
      const cv::Vec3f& c = i[x];
      ii[x] = {c[0] * c[0], c[0] * c[1], c[0] * c[2], c[1] * c[1], c[1] * c[2], c[2] * c[2]};
      ip[x] = c * p[x];
    }
  }
  const cv::Mat mean_i = window_mean(colour, counts, radius);
  const cv::Mat mean_p = window_mean(map, counts, radius);
  const cv::Mat mean_ii = window_mean(products, counts, radius);
  const cv::Mat mean_ip = window_mean(with_map, counts, radius);
  cv::Mat models(map.size(), CV_32FC4);
  for (int y = 0; y < map.rows; ++y) {
    const auto* i = mean_i.ptr<cv::Vec3f>(y);
    const auto* p = mean_p.ptr<float>(y);
    const auto* ii = mean_ii.ptr<cv::Vec6f>(y);
    const auto* ip = mean_ip.ptr<cv::Vec3f>(y);
    auto* model = models.ptr<cv::Vec4f>(y);
    for (int x = 0; x < map.cols; ++x) {
      const cv::Vec3f& m = i[x];
      const cv::Vec6f squares{m[0] * m[0], m[0] * m[1], m[0] * m[2], m[1] * m[1], m[1] * m[2], m[2] * m[2]};
      const cv::Vec3f a = solve(ii[x] - squares, static_cast<float>(epsilon), ip[x] - m * p[x]);
      model[x] = {a[0], a[1], a[2], p[x] - a.dot(m)};
    }
  }
  return {window_mean(models, counts, radius)};
}

GuidedModel unguided_model(const cv::Mat& map) {
  const cv::Mat zero = cv::Mat::zeros(map.size(), CV_32F);
  const cv::Mat channels[] = {zero, zero, zero, map};
  GuidedModel model;
  cv::merge(channels, std::size(channels), model.coefficients);
  return model;
}

}  // namespace gbrs
