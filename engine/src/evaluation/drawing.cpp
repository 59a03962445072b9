// SPDX-License-Identifier: Apache-2.0
#include "evaluation/drawing.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace gbrs {
namespace {

const cv::Scalar kTruthColour(255, 221, 0);
const cv::Scalar kPositiveColour(0, 230, 64);
const cv::Scalar kNegativeColour(255, 48, 48);
constexpr double kRestBrightness = 0.35;

void outline(cv::Mat& picture, const Truth& truth) {
  const cv::Mat labels(truth.height, truth.width, CV_32S, const_cast<int*>(truth.labels.data()));
  std::vector<std::vector<cv::Point>> contours;
  cv::findContours(labels == kObjectLabel, contours, cv::RETR_LIST, cv::CHAIN_APPROX_NONE);
  cv::drawContours(picture, contours, -1, kTruthColour, 1);
}

void draw_clicks(cv::Mat& picture, std::span<const GivenClick> clicks) {
  const int dot = std::max(3, picture.rows / 100);
  for (const GivenClick& click : clicks) {
    const cv::Point centre(click.u, click.v);
    const cv::Scalar colour = click.is_positive ? kPositiveColour : kNegativeColour;
    cv::circle(picture, centre, static_cast<int>(std::lround(click.radius)), colour, 1, cv::LINE_AA);
    cv::circle(picture, centre, dot + 1, cv::Scalar::all(255), cv::FILLED, cv::LINE_AA);
    cv::circle(picture, centre, dot, colour, cv::FILLED, cv::LINE_AA);
  }
}

void draw(const cv::Mat& image, const Truth& truth, std::span<const GivenClick> clicks,
          std::span<const std::uint8_t> prediction, cv::Mat target) {
  image.convertTo(target, CV_8U, kRestBrightness);
  const cv::Mat mask(image.size(), CV_8U, const_cast<std::uint8_t*>(prediction.data()));
  image.copyTo(target, mask);
  outline(target, truth);
  draw_clicks(target, clicks);
}

}  // namespace

Drawing draw_object(ImageView image, const Truth& truth, std::span<const GivenClick> clicks,
                    std::span<const std::uint8_t> after_first, std::span<const std::uint8_t> after_last) {
  assert(image.format == PixelFormat::rgb8);
  const cv::Mat picture(image.height, image.width, CV_8UC3, const_cast<std::uint8_t*>(image.pixels),
                        static_cast<std::size_t>(image.stride_bytes));
  constexpr int gap = 8;
  Drawing drawing{.width = 2 * image.width + gap, .height = image.height, .rgb = {}};
  drawing.rgb.assign(static_cast<std::size_t>(drawing.width) * static_cast<std::size_t>(drawing.height) * 3, 255);
  const cv::Mat sheet(drawing.height, drawing.width, CV_8UC3, drawing.rgb.data());
  draw(picture, truth, clicks.first(std::min<std::size_t>(1, clicks.size())), after_first,
       sheet(cv::Rect({}, picture.size())));
  draw(picture, truth, clicks, after_last, sheet(cv::Rect({image.width + gap, 0}, picture.size())));
  return drawing;
}

}  // namespace gbrs
