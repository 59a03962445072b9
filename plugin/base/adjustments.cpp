// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/adjustments.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace gbrs::plugin {
namespace {

constexpr double kFeatherPerDeviation = 3.5;  // as gimp_selection_feather
constexpr double kKernelDeviations = 3;       // what lies further out has less than 0.3 % of the weight

int kernel_reach(double deviation) { return static_cast<int>(std::ceil(kKernelDeviations * deviation)); }

double deviation(const Adjustments& adjustments, double scale) {
  return adjustments.feather * scale / kFeatherPerDeviation;
}

using Extreme = void (*)(const cv::Mat& a, const cv::Mat& b, cv::Mat result);  // the result has its memory

// `map` becomes the extreme of itself and `other` moved by (dx, dy).
void merge_moved(const cv::Mat& map, const cv::Mat& other, int dx, int dy, Extreme extreme) {
  const int width = map.cols - std::abs(dx);
  const int height = map.rows - std::abs(dy);
  if (width <= 0 || height <= 0) return;
  const cv::Mat to = map(cv::Rect(std::max(dx, 0), std::max(dy, 0), width, height));
  const cv::Mat from = other(cv::Rect(std::max(-dx, 0), std::max(-dy, 0), width, height));
  extreme(to, from, to);
}

// Dilation (max) or erosion (min) by a disc: for each row of the disc the extreme over its width, which grows by
// one pixel on either side from one width to the next. cv::dilate's cost is the disc's area instead.
cv::Mat extreme_over_disc(const cv::Mat& map, int radius, Extreme extreme) {
  cv::Mat result = map.clone();
  cv::Mat rows = map.clone();
  cv::Mat before;
  int half_width = 0;
  for (int dy = radius; dy >= 0; --dy) {
    const int wanted = static_cast<int>(std::sqrt(radius * radius - dy * dy));
    for (; half_width < wanted; ++half_width) {
      rows.copyTo(before);
      merge_moved(rows, before, 1, 0, extreme);
      merge_moved(rows, before, -1, 0, extreme);
    }
    merge_moved(result, rows, 0, dy, extreme);
    merge_moved(result, rows, 0, -dy, extreme);
  }
  return result;
}

void grow(cv::Mat& map, double amount) {
  const Extreme extreme = amount > 0 ? Extreme{[](const cv::Mat& a, const cv::Mat& b, cv::Mat r) { cv::max(a, b, r); }}
                                     : Extreme{[](const cv::Mat& a, const cv::Mat& b, cv::Mat r) { cv::min(a, b, r); }};
  const double radius = std::abs(amount);
  const int whole = static_cast<int>(radius);
  const double rest = radius - whole;
  cv::Mat grown = extreme_over_disc(map, whole, extreme);
  // between two discs the edge goes over from one to the other
  if (rest > 0) cv::addWeighted(grown, 1 - rest, extreme_over_disc(map, whole + 1, extreme), rest, 0, grown);
  grown.copyTo(map);
}

void feather(cv::Mat& map, double deviation) {
  const int size = 2 * kernel_reach(deviation) + 1;
  cv::GaussianBlur(map, map, cv::Size(size, size), deviation, deviation, cv::BORDER_REPLICATE);
}

void steepen(Map& map, double contrast) {
  for (float& value : map.values) {
    if (contrast >= kMostContrast) {
      value = value >= 0.5F ? 1.0F : 0.0F;
    } else {
      const double slope = kMostContrast / (kMostContrast - contrast);
      value = static_cast<float>(std::clamp(0.5 + (value - 0.5) * slope, 0.0, 1.0));
    }
  }
}

}  // namespace

void adjust(Map& map, const Adjustments& adjustments, double scale) {
  if (map.values.empty()) return;
  cv::Mat pixels(map.height, map.width, CV_32F, map.values.data());
  if (adjustments.grow != 0) grow(pixels, adjustments.grow * scale);
  if (adjustments.feather > 0) feather(pixels, deviation(adjustments, scale));
  if (adjustments.contrast > 0) steepen(map, adjustments.contrast);
}

int reach(const Adjustments& adjustments, double scale) {
  return static_cast<int>(std::ceil(std::abs(adjustments.grow) * scale)) +
         (adjustments.feather > 0 ? kernel_reach(deviation(adjustments, scale)) : 0);
}

Expected<Map> render_adjusted(const RenderMap& render, int image_width, int image_height, Rectangle part, double scale,
                              const Adjustments& adjustments) {
  if (adjustments.is_neutral()) return render(part, scale);
  const int margin = reach(adjustments, scale);
  const cv::Rect wanted(part.x, part.y, part.width, part.height);
  const cv::Rect whole(0, 0, static_cast<int>(std::ceil(image_width * scale)),
                       static_cast<int>(std::ceil(image_height * scale)));
  const cv::Rect around =
      cv::Rect(part.x - margin, part.y - margin, part.width + 2 * margin, part.height + 2 * margin) & whole;
  Map result{part.width, part.height, {}};
  result.values.resize(static_cast<std::size_t>(part.width) * static_cast<std::size_t>(part.height));
  const cv::Rect covered = wanted & around;
  if (covered.empty()) return result;
  auto map = render({around.x, around.y, around.width, around.height}, scale);
  if (!map) return map;
  adjust(*map, adjustments, scale);
  for (int y = covered.y; y < covered.y + covered.height; ++y) {
    const auto from =
        map->values.begin() + static_cast<std::ptrdiff_t>(y - around.y) * around.width + (covered.x - around.x);
    std::copy(from, from + covered.width,
              result.values.begin() + static_cast<std::ptrdiff_t>(y - part.y) * part.width + (covered.x - part.x));
  }
  return result;
}

Expected<Map> render_adjusted(const Answer& answer, Rectangle part, double scale, const Adjustments& adjustments) {
  return render_adjusted([&](Rectangle wanted, double at) { return answer.render(wanted, at); }, answer.image_width(),
                         answer.image_height(), part, scale, adjustments);
}

}  // namespace gbrs::plugin
