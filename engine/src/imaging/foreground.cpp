// SPDX-License-Identifier: Apache-2.0
// Multi-level foreground estimation (T. Germer, T. Uelwer, S. Conrad, S. Harmeling, arXiv:2006.14970). For the image I
// and the opacity a of each pixel i, colours F of the object and B of what is behind it minimise
//
//   sum_i (a_i F_i + (1 - a_i) B_i - I_i)^2 + sum_(i,j neighbours) w_ij ((F_i - F_j)^2 + (B_i - B_j)^2)
//   w_ij = eps + omega |a_i - a_j|
//
// With its neighbours held, a pixel's F and B solve a system of 2 x 2: sweeps over all pixels, on small pictures first,
// whose result the next larger one begins with.
#include <algorithm>
#include <cmath>
#include <format>
#include <opencv2/imgproc.hpp>

#include "gbrs/matting.hpp"
#include "imaging/picture.hpp"

namespace gbrs {
namespace {

constexpr float kEpsilon = 1e-5F;  // eps: smoothness where opacity says nothing
constexpr float kOmega = 1;        // omega: edges of the opacity are none of the object's colours
constexpr int kSmallSide = 32;     // pictures up to that size are swept more often, since that costs nothing
constexpr int kSmallSweeps = 10;
constexpr int kSweeps = 2;
constexpr int kMargin = 32;  // pixels around what is soft, for colours to come from

/// The picture at one size with what is found of its two layers.
struct Level {
  cv::Mat image;  // CV_32FC3, 0..1
  cv::Mat alpha;  // CV_32F
  cv::Mat front;  // CV_32FC3: F
  cv::Mat back;   // B
};

void relax_pixel(Level& level, int y, int x) {
  const float alpha = level.alpha.at<float>(y, x);
  float weights = 0;
  cv::Vec3f front, back;  // weighted sums of the neighbours'
  const auto add = [&](int other_y, int other_x) {
    if (other_y < 0 || other_x < 0 || other_y >= level.alpha.rows || other_x >= level.alpha.cols) return;
    const float weight = kEpsilon + kOmega * std::abs(alpha - level.alpha.at<float>(other_y, other_x));
    weights += weight;
    front += weight * level.front.at<cv::Vec3f>(other_y, other_x);
    back += weight * level.back.at<cv::Vec3f>(other_y, other_x);
  };
  add(y, x - 1);
  add(y, x + 1);
  add(y - 1, x);
  add(y + 1, x);
  // [alpha^2 + W, alpha (1 - alpha); ., (1 - alpha)^2 + W] (F, B) = (alpha I + sum w F_j, (1 - alpha) I + sum w B_j)
  const float rest = 1 - alpha;
  const float ff = alpha * alpha + weights, fb = alpha * rest, bb = rest * rest + weights;
  const float determinant = ff * bb - fb * fb;
  if (determinant <= 0) return;
  const cv::Vec3f& image = level.image.at<cv::Vec3f>(y, x);
  const cv::Vec3f wanted_front = alpha * image + front, wanted_back = rest * image + back;
  for (int c = 0; c < 3; ++c) {
    level.front.at<cv::Vec3f>(y, x)[c] =
        std::clamp((bb * wanted_front[c] - fb * wanted_back[c]) / determinant, 0.0F, 1.0F);
    level.back.at<cv::Vec3f>(y, x)[c] =
        std::clamp((ff * wanted_back[c] - fb * wanted_front[c]) / determinant, 0.0F, 1.0F);
  }
}

void relax(Level& level, const std::stop_token& stop) {
  const int sweeps = std::max(level.alpha.cols, level.alpha.rows) <= kSmallSide ? kSmallSweeps : kSweeps;
  for (int sweep = 0; sweep < sweeps; ++sweep)
    for (int y = 0; y < level.alpha.rows && !stop.stop_requested(); ++y)
      for (int x = 0; x < level.alpha.cols; ++x) relax_pixel(level, y, x);
}

/// The mean colour, each pixel counted by its weight.
cv::Scalar mean_colour(const cv::Mat& image, const cv::Mat& weight) {
  cv::Mat weights;
  cv::merge(std::vector{weight, weight, weight}, weights);
  return cv::sum(image.mul(weights)) / std::max(cv::sum(weight)[0], 1e-6);
}

/// F of the whole picture: `image` CV_32FC3, `alpha` CV_32F.
cv::Mat estimate(const cv::Mat& image, const cv::Mat& alpha, const std::stop_token& stop) {
  Level level;
  level.front = cv::Mat(1, 1, CV_32FC3, mean_colour(image, alpha));
  level.back = cv::Mat(1, 1, CV_32FC3, mean_colour(image, 1 - alpha));
  const int longer = std::max(image.cols, image.rows);
  int halvings = 0;
  while ((longer >> (halvings + 1)) > 0) ++halvings;
  for (int i = halvings; i >= 0 && !stop.stop_requested(); --i) {
    const cv::Size size(std::max(1, image.cols >> i), std::max(1, image.rows >> i));
    cv::resize(image, level.image, size, 0, 0, cv::INTER_AREA);
    cv::resize(alpha, level.alpha, size, 0, 0, cv::INTER_AREA);
    cv::resize(level.front, level.front, size, 0, 0, cv::INTER_NEAREST);
    cv::resize(level.back, level.back, size, 0, 0, cv::INTER_NEAREST);
    relax(level, stop);
  }
  return level.front;
}

/// What is partly opaque, with a margin.
cv::Rect soft_box(const cv::Mat& alpha) {
  const cv::Rect soft = cv::boundingRect((alpha > 0) & (alpha < 1));
  if (soft.empty()) return soft;
  const cv::Rect wide(soft.x - kMargin, soft.y - kMargin, soft.width + 2 * kMargin, soft.height + 2 * kMargin);
  return wide & cv::Rect({}, alpha.size());
}

/// Of no use once it was asked to stop.
std::vector<std::uint8_t> colours_of(const cv::Mat& picture, const cv::Mat& alpha, const std::stop_token& stop) {
  cv::Mat result = picture.clone();
  if (const cv::Rect box = soft_box(alpha); !box.empty()) {
    cv::Mat image;
    picture(box).convertTo(image, CV_32F, 1.0 / 255);
    cv::Mat bytes;
    const cv::Mat front = estimate(image, alpha(box), stop);
    if (stop.stop_requested()) return {};
    front.convertTo(bytes, CV_8U, 255);
    bytes.copyTo(result(box), alpha(box) < 1);
  }
  return {result.datastart, result.dataend};
}

}  // namespace

Expected<std::vector<std::uint8_t>> foreground_colours(ImageView image, const Map& alpha, std::stop_token stop) {
  if (alpha.width != image.width || alpha.height != image.height ||
      alpha.values.size() != static_cast<std::size_t>(alpha.width) * static_cast<std::size_t>(alpha.height))
    return failure(ErrorCode::invalid_argument,
                   std::format("The alpha has {} x {} pixels, the picture {} x {}.", alpha.width, alpha.height,
                               image.width, image.height));
  const auto picture = Picture::copy(image);
  if (!picture) return std::unexpected(picture.error());
  try {
    const cv::Mat values(alpha.height, alpha.width, CV_32F, const_cast<float*>(alpha.values.data()));
    auto colours = colours_of((*picture)->level(0), values, stop);
    if (stop.stop_requested()) return failure(ErrorCode::invalid_argument, "Finding the object's colours was stopped.");
    return colours;
  } catch (const std::exception& error) {  // std::bad_alloc and OpenCV's own
    return failure(ErrorCode::out_of_memory, "There is not enough memory for the object's colours.", error.what());
  }
}

}  // namespace gbrs
