// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

#include "evaluation/segmenter.hpp"
#include "evaluation/truth.hpp"

namespace gbrs {
namespace {

/// Two orange ellipses on a blue ground, both with noise; the truth is the left one.
struct Scene {
  cv::Mat picture{120, 200, CV_8UC3, cv::Scalar(40, 70, 160)};
  Truth truth{.width = 200, .height = 120, .labels = {}};

  Scene() {
    cv::Mat object(picture.size(), CV_8UC1, cv::Scalar(0));
    const auto draw = [](cv::Mat& image, int x, const cv::Scalar& colour) {
      cv::ellipse(image, {x, 60}, {35, 25}, 20, 0, 360, colour, cv::FILLED);
    };
    draw(picture, 60, {220, 130, 30});
    draw(picture, 150, {220, 130, 30});
    draw(object, 60, 255);
    cv::Mat noise(picture.size(), CV_16SC3);
    cv::RNG(5).fill(noise, cv::RNG::NORMAL, 0, 12);
    cv::add(picture, noise, picture, cv::noArray(), CV_8U);
    truth = truth_from_codes({object.data, object.total()}, object.cols, object.rows, {});
  }
  [[nodiscard]] ImageView view() const {
    return {.pixels = picture.data,
            .width = picture.cols,
            .height = picture.rows,
            .stride_bytes = static_cast<std::ptrdiff_t>(picture.step)};
  }
};

Click click(double x, double y, double target, std::optional<double> radius = std::nullopt) {
  return {.x = x, .y = y, .radius = radius, .target = target};
}

class GrabCutTest : public testing::Test {
 protected:
  std::vector<std::uint8_t> add(Segmentation& segmentation, const Click& click) {
    auto prediction = segmentation.add(click);
    EXPECT_TRUE(prediction);
    EXPECT_GT(prediction->seconds, 0);
    return std::move(prediction->pixels);
  }
  std::unique_ptr<Segmentation> begin() { return std::move(*grabcut_segmenter()->begin(scene_.view())); }

  Scene scene_;
};

TEST_F(GrabCutTest, FindsWhatTheRadiusHolds) {
  const auto segmentation = begin();
  EXPECT_GT(intersection_over_union(add(*segmentation, click(60.5, 60.5, kInclude, 40)), scene_.truth), 0.97);
}

TEST_F(GrabCutTest, LeavesOutWhatAnExcludingClickSays) {
  const auto segmentation = begin();
  const auto both = add(*segmentation, click(60.5, 60.5, kInclude));  // the same colours: both are taken
  EXPECT_LT(intersection_over_union(both, scene_.truth), 0.6);
  const auto one = add(*segmentation, click(150.5, 60.5, kExclude, 40));
  EXPECT_LT(one[60 * 200 + 150], 1);
  EXPECT_EQ(one[60 * 200 + 60], 1);
}

TEST_F(GrabCutTest, GivesTheSameAnswerAgain) {
  const auto first = begin(), second = begin();
  for (const Click& given : {click(60.5, 60.5, kInclude, 40), click(100.5, 20.5, kExclude)})
    EXPECT_EQ(add(*first, given), add(*second, given));
}

TEST_F(GrabCutTest, AnExcludingClickAloneSelectsNothing) {
  const auto segmentation = begin();
  for (const std::uint8_t pixel : add(*segmentation, click(60.5, 60.5, kExclude, 20))) ASSERT_EQ(pixel, 0);
}

}  // namespace
}  // namespace gbrs
