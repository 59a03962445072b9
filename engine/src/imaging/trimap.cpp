// SPDX-License-Identifier: Apache-2.0
#include "imaging/trimap.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace gbrs {
namespace {

constexpr double kBandShare = 0.02;  // of the diagonal of the object's box
constexpr double kLeastBand = 2;     // pixels
/// What is nearer than this to 0 or 1 is that in 8 bits.
constexpr float kKnownWithin = 0.5F / 255;

cv::Mat matrix_of(const Map& map) { return {map.height, map.width, CV_32F, const_cast<float*>(map.values.data())}; }
cv::Mat matrix_of(const Trimap& trimap) {
  return {trimap.height, trimap.width, CV_8U, const_cast<std::uint8_t*>(trimap.codes.data())};
}

bool holds_shares(const Map& map) {
  return map.values.size() == static_cast<std::size_t>(map.width) * static_cast<std::size_t>(map.height) &&
         std::ranges::all_of(map.values, [](float value) { return value >= 0 && value <= 1; });
}

/// Of each pixel of `region` to the nearest outside, and the largest of these.
struct Depths {
  cv::Mat values;
  double most = 0;
};
Depths depths_of(const cv::Mat& region) {
  Depths depths;
  cv::distanceTransform(region, depths.values, cv::DIST_L2, cv::DIST_MASK_PRECISE);
  cv::minMaxLoc(depths.values, nullptr, &depths.most);
  return depths;
}

double usual_band(const cv::Mat& object) {
  const cv::Rect box = cv::boundingRect(object);
  return std::max(kLeastBand, kBandShare * std::hypot(box.width, box.height));
}

/// [first, second): the source pixels that pixel `i` of `count` touches.
struct Touched {
  int first, second;
};
Touched touched(int i, int count, int start, int size) {
  const auto at = [&](int k) { return static_cast<long long>(k) * size; };
  const auto first = static_cast<int>(at(i) / count);
  const auto second = static_cast<int>((at(i + 1) + count - 1) / count);
  return {start + first, start + std::max(second, first + 1)};
}

}  // namespace

Expected<Trimap> trimap_of(const Map& coverage, std::optional<double> band) {
  const auto refuse = [](const char* why) { return failure(ErrorCode::invalid_argument, why); };
  if (band && !(*band >= 0)) return refuse("The band of a trimap is not a number of 0 pixels or more.");
  if (coverage.values.empty() || !holds_shares(coverage))
    return refuse("The mask lacks values or holds some beyond 0 to 1.");
  const cv::Mat values = matrix_of(coverage);
  const cv::Mat object = values >= 1 - kKnownWithin;
  const cv::Mat ground = values <= kKnownWithin;
  const Depths inside = depths_of(object), outside = depths_of(ground);
  if (inside.most == 0) return refuse("The mask covers no pixel wholly: nothing is surely the object.");
  if (outside.most == 0) return refuse("The mask leaves no pixel out: nothing is surely the background.");
  const double width = std::min({band.value_or(usual_band(object)), inside.most / 2, outside.most / 2});
  Trimap trimap{coverage.width, coverage.height,
                std::vector<std::uint8_t>(coverage.values.size(), Trimap::kUnknown)};
  cv::Mat result = matrix_of(trimap);
  // an edge without anything between has to be in the band, too
  const double least = std::max(width, 1.0);
  result.setTo(Trimap::kForeground, object & ((inside.values > least) | (inside.values == inside.most)));
  result.setTo(Trimap::kBackground, ground & ((outside.values > least) | (outside.values == outside.most)));
  return trimap;
}

Expected<Trimap> trimap_from(const Map& values) {
  if (!holds_shares(values))
    return failure(ErrorCode::invalid_argument, "The trimap lacks values or holds some beyond 0 to 1.");
  Trimap trimap{values.width, values.height, std::vector<std::uint8_t>(values.values.size())};
  std::ranges::transform(values.values, trimap.codes.begin(), [](float value) {
    if (value >= 1 - kKnownWithin) return Trimap::kForeground;
    return value <= kKnownWithin ? Trimap::kBackground : Trimap::kUnknown;
  });
  return trimap;
}

Expected<void> check_trimap(const Trimap& trimap) {
  const auto refuse = [](const char* why) { return failure(ErrorCode::invalid_argument, why); };
  const auto pixels = static_cast<std::size_t>(trimap.width) * static_cast<std::size_t>(trimap.height);
  if (trimap.codes.size() != pixels) return refuse("The trimap lacks values.");
  const auto count = [&](std::uint8_t code) {
    return static_cast<std::size_t>(std::ranges::count(trimap.codes, code));
  };
  const auto foreground = count(Trimap::kForeground), background = count(Trimap::kBackground);
  if (foreground == 0) return refuse("The trimap has no foreground: nothing in it is white (255).");
  if (background == 0) return refuse("The trimap has no background: nothing in it is black (0).");
  if (foreground + background == pixels)
    return refuse("The trimap leaves nothing unknown: nothing in it is grey (128).");
  if (foreground + background + count(Trimap::kUnknown) != pixels)
    return refuse("The trimap has codes that are none of 0, 128 and 255.");
  return {};
}

std::optional<float> known_alpha(const Trimap& trimap, int x, int y) {
  const std::uint8_t code = trimap.at(x, y);
  return code == Trimap::kUnknown ? std::nullopt : std::optional(code == Trimap::kForeground ? 1.0F : 0.0F);
}

Rectangle unknown_box(const Trimap& trimap) {
  const cv::Rect box = cv::boundingRect(matrix_of(trimap) == Trimap::kUnknown);
  return {box.x, box.y, box.width, box.height};
}

std::vector<std::uint8_t> resampled(const Trimap& trimap, Rectangle box, int width, int height) {
  std::vector<std::uint8_t> result;
  result.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  for (int j = 0; j < height; ++j) {
    const Touched rows = touched(j, height, box.y, box.height);
    for (int i = 0; i < width; ++i) {
      const Touched columns = touched(i, width, box.x, box.width);
      std::uint8_t code = trimap.at(columns.first, rows.first);
      for (int y = rows.first; y < rows.second && code != Trimap::kUnknown; ++y) {
        const std::uint8_t* const pixels = row_of(trimap, y);
        const bool is_alike = std::all_of(pixels + columns.first, pixels + columns.second,
                                          [&](std::uint8_t other) { return other == code; });
        if (!is_alike) code = Trimap::kUnknown;
      }
      result.push_back(code);
    }
  }
  return result;
}

}  // namespace gbrs
