// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/depth/blur_levels.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <opencv2/imgproc.hpp>

namespace gbrs::plugin {
namespace {

// A wide blur of many pixels is that of fewer, larger ones.
cv::Mat blurred(const cv::Mat& picture, double deviation) {
  constexpr double kEnough = 3;  // pixels of deviation: what is left of a pixel's square is not seen any more
  const double reduced = std::max(1.0, std::exp2(std::floor(std::log2(deviation / kEnough))));
  const auto less = [reduced](int size) { return std::max(1, static_cast<int>(std::lround(size / reduced))); };
  cv::Mat small = picture;
  if (reduced > 1) cv::resize(picture, small, {less(picture.cols), less(picture.rows)}, 0, 0, cv::INTER_AREA);
  cv::Mat result;
  cv::GaussianBlur(small, result, {}, deviation / reduced, 0, cv::BORDER_REPLICATE);
  if (reduced > 1) cv::resize(result, result, picture.size(), 0, 0, cv::INTER_LINEAR);
  return result;
}

}  // namespace

std::shared_ptr<const BlurLevels::Levels> BlurLevels::of(Rectangle part, double scale, double most) {
  const std::scoped_lock lock(mutex_);
  if (!levels_ || part != part_ || scale != scale_ || most != most_) {
    levels_ = std::make_shared<const Levels>(made(part, scale, most));
    part_ = part;
    scale_ = scale;
    most_ = most;
  }
  return levels_;
}

BlurLevels::Levels BlurLevels::made(Rectangle part, double scale, double most) const {
  // what lies beside the part shines into it
  const int margin = static_cast<int>(std::ceil(2 * most));
  const Rectangle wide{part.x - margin, part.y - margin, part.width + 2 * margin, part.height + 2 * margin};
  cv::Mat picture(wide.height, wide.width, CV_8UC4);
  source_(wide, scale, {picture.ptr<std::uint32_t>(), wide.width});
  const cv::Rect inner(margin, margin, part.width, part.height);
  Levels levels;
  for (const double share : kBlurShares) {
    const double deviation = share * most;
    constexpr double kLeast = 0.2;  // less is not seen
    const cv::Mat level = (deviation > kLeast ? blurred(picture, deviation) : picture)(inner);
    Words words;
    words.reserve(static_cast<std::size_t>(part.width) * static_cast<std::size_t>(part.height));
    for (int y = 0; y < part.height; ++y) {
      const auto* const row = level.ptr<std::uint32_t>(y);
      words.insert(words.end(), row, row + part.width);
    }
    levels.push_back(std::move(words));
  }
  return levels;
}

}  // namespace gbrs::plugin
