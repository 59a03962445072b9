// SPDX-License-Identifier: Apache-2.0
#include "training/faulty_mask.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace gbrs {
namespace {

constexpr float kLogit = 4;

cv::Mat disc(int radius) { return cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * radius + 1, 2 * radius + 1}); }

void shift(cv::Mat& mask, int most, Random& random) {
  const auto step = [&] { return std::round(random.between(-most, most)); };
  const cv::Matx23d matrix{1, 0, step(), 0, 1, step()};
  cv::warpAffine(mask.clone(), mask, matrix, mask.size(), cv::INTER_NEAREST);
}

/// Takes an ellipse at a pixel of the object away, or adds one near it.
void bite(cv::Mat& mask, const cv::Mat& object, double side, bool adds, Random& random) {
  std::vector<cv::Point> places;
  cv::findNonZero(object, places);
  cv::Point centre = places[random.below(places.size())];
  if (adds)
    centre += cv::Point(static_cast<int>(random.normal() * side / 4), static_cast<int>(random.normal() * side / 4));
  const cv::Size axes(1 + static_cast<int>(side * random.between(0.08, 0.4)),
                      1 + static_cast<int>(side * random.between(0.08, 0.4)));
  cv::ellipse(mask, centre, axes, random.between(0, 180), 0, 360, cv::Scalar(adds ? 255 : 0), cv::FILLED);
}

void damage(cv::Mat& mask, const cv::Mat& object, double side, Random& random) {
  const int size = std::max(1, static_cast<int>(side * random.between(0.01, 0.1)));
  switch (random.below(5)) {
    case 0:
      return shift(mask, size, random);
    case 1:
      return cv::erode(mask, mask, disc((size + 1) / 2));
    case 2:
      return cv::dilate(mask, mask, disc((size + 1) / 2));
    case 3:
      return bite(mask, object, side, false, random);
    default:
      return bite(mask, object, side, true, random);
  }
}

}  // namespace

cv::Mat faulty_mask(const cv::Mat& object, Random& random) {
  const cv::Rect box = cv::boundingRect(object);
  const double side = std::max(box.width, box.height);
  cv::Mat mask = object.clone();
  for (std::size_t left = 1 + random.below(3); left > 0; --left) damage(mask, object, side, random);
  cv::Mat logits;
  mask.convertTo(logits, CV_32F, 1.0 / 255);
  if (random.happens(0.7)) cv::GaussianBlur(logits, logits, {}, random.between(0.5, 2));
  for (float& value : cv::Mat_<float>(logits)) {
    const float p = std::clamp(value, 1e-6F, 1 - 1e-6F);
    value = std::clamp(std::log(p / (1 - p)), -kLogit, kLogit);
  }
  return logits;
}

}  // namespace gbrs
