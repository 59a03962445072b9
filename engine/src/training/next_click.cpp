// SPDX-License-Identifier: Apache-2.0
#include "training/next_click.hpp"

#include <cmath>
#include <opencv2/imgproc.hpp>

#include "training/examples.hpp"

namespace gbrs {
namespace {

/// An error, 255 where it is, with the distance of each pixel to the nearest one outside; beyond the border is
/// outside.
struct ErrorRegion {
  cv::Mat mask;
  cv::Mat depth;
  double deepest = 0;
  cv::Point place;
};

ErrorRegion measure(const cv::Mat& mask) {
  ErrorRegion region{.mask = mask, .depth = {}, .deepest = 0, .place = {}};
  if (cv::countNonZero(mask) == 0) return region;
  cv::Mat padded, depth;
  cv::copyMakeBorder(mask, padded, 1, 1, 1, 1, cv::BORDER_CONSTANT, 0);
  cv::distanceTransform(padded, depth, cv::DIST_L2, cv::DIST_MASK_PRECISE, CV_32F);
  region.depth = depth(cv::Rect(1, 1, mask.cols, mask.rows));
  cv::minMaxLoc(region.depth, nullptr, &region.deepest, nullptr, &region.place);
  return region;
}

cv::Point draw_deep_place(const ErrorRegion& region, Random& random) {
  std::vector<cv::Point> places;
  cv::findNonZero(region.depth >= region.deepest / 2, places);
  return places[random.below(places.size())];
}

/// The largest distance from a place to a pixel of its connected part (8 neighbours) of the region.
double reach_of(const cv::Mat& region, cv::Point place) {
  constexpr int kFilled = 1;
  cv::Mat filled = region.clone();
  cv::Rect box;
  cv::floodFill(filled, place, kFilled, &box, 0, 0, 8);
  std::int64_t farthest = 0;
  for (int y = box.y; y < box.y + box.height; ++y) {
    const auto* row = filled.ptr<std::uint8_t>(y);
    for (int x = box.x; x < box.x + box.width; ++x) {
      if (row[x] != kFilled) continue;
      const std::int64_t dx = x - place.x, dy = y - place.y;
      farthest = std::max(farthest, dx * dx + dy * dy);
    }
  }
  return std::sqrt(static_cast<double>(farthest));
}

}  // namespace

std::optional<NextClick> next_click(const cv::Mat& answer, const cv::Mat& truth, double random_place, Random& random) {
  const ErrorRegion missed = measure((answer == 0) & (truth == kObject));
  const ErrorRegion wrong = measure((answer != 0) & (truth == kBackground));
  if (missed.deepest <= 0 && wrong.deepest <= 0) return std::nullopt;
  const bool is_object = missed.deepest > wrong.deepest;
  const ErrorRegion& region = is_object ? missed : wrong;
  const cv::Point place = random.happens(random_place) ? draw_deep_place(region, random) : region.place;
  return NextClick{.u = place.x, .v = place.y, .is_object = is_object, .reach = reach_of(region.mask, place)};
}

}  // namespace gbrs
