// SPDX-License-Identifier: Apache-2.0
#include "training/augmentation.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "training/cutouts.hpp"
#include "training/ellipses.hpp"
#include "training/faulty_mask.hpp"

namespace gbrs::test {
namespace {

GeometryRecipe lively() {
  GeometryRecipe recipe;
  recipe.views = {{.weight = 1, .box = Range{1.1, 5}}, {.weight = 1, .box = std::nullopt}};
  recipe.rotation = 0.5;
  return recipe;
}

TEST(Augmentation, PictureAndTruthStayTogether) {
  const bool holds = rc::check("red is object, blue is not", [] {
    Random random{*rc::gen::arbitrary<std::uint64_t>()};
    const cv::Size size(static_cast<int>(random.between(60, 400)), static_cast<int>(random.between(60, 400)));
    const cv::Point centre(static_cast<int>(random.between(0.2, 0.8) * size.width),
                           static_cast<int>(random.between(0.2, 0.8) * size.height));
    const Example example = ellipse(size, centre, {size.width / 6, size.height / 7});
    const cv::Size crop(97, 65);
    const Example seen = render_view(example, draw_good_view(lively(), example, crop, random), crop);
    RC_ASSERT(seen.picture.size() == crop);
    RC_ASSERT(cv::countNonZero(seen.truth == kObject) >= kMinVisiblePixels);
    std::vector<cv::Mat> channels;
    cv::split(seen.picture, channels);
    // interpolation mixes colours at the edge: where a pixel is mostly of one, the truth must say so, but for the
    // half pixel between rounding a place and mixing its neighbours
    const cv::Mat counts = seen.truth != kIgnored;
    cv::Mat near_edge;
    cv::morphologyEx(seen.truth, near_edge, cv::MORPH_GRADIENT, cv::Mat());
    const cv::Mat sure = counts & (near_edge == 0);
    RC_ASSERT(cv::countNonZero(sure & (channels[0] > 200) & (seen.truth != kObject)) == 0);
    RC_ASSERT(cv::countNonZero(sure & (channels[2] > 200) & (seen.truth != kBackground)) == 0);
  });
  EXPECT_TRUE(holds);
}

TEST(Augmentation, TheSameRandomNumbersGiveTheSameCrop) {
  const Example example = ellipse({200, 150}, {90, 70}, {40, 20});
  AppearanceRecipe all;
  all.colours = all.blur = all.coarsening = all.noise = 1;
  const auto make = [&](std::uint64_t seed) {
    Random random{seed};
    Example crop = render_view(example, draw_good_view(lively(), example, {65, 65}, random), {65, 65});
    change_appearance(all, crop.picture, random);
    return crop.picture;
  };
  EXPECT_EQ(cv::norm(make(3), make(3), cv::NORM_INF), 0);
  EXPECT_GT(cv::norm(make(3), make(4), cv::NORM_INF), 0);
}

TEST(Augmentation, AWholeViewShowsEverythingAndNothingTwice) {
  GeometryRecipe recipe;
  recipe.views = {{.weight = 1, .box = std::nullopt}};
  recipe.rotation = recipe.mirror = 0;
  recipe.stretch = 1;
  Random random{1};
  const cv::Matx23d view = draw_view(recipe, {10, 10, 20, 20}, {192, 96}, {96, 96}, random);
  EXPECT_NEAR(view(0, 0), 2, 1e-9);
  EXPECT_NEAR(view(1, 1), 2, 1e-9);
  EXPECT_NEAR(view(0, 2), 0.5, 1e-9);  // the first pixel is the mean of pixels 0 and 1
  const Example seen =
      render_view({cv::Mat::zeros(96, 192, CV_8UC3), cv::Mat::zeros(96, 192, CV_8UC1)}, view, {96, 96});
  EXPECT_EQ(cv::countNonZero(seen.truth == kIgnored), 96 * 48);  // the picture is half as high
}

TEST(Augmentation, PastingIsTheMixtureOfColours) {
  cv::Mat background(1, 3, CV_8UC3, cv::Scalar(100, 0, 200));
  const cv::Mat colours(1, 3, CV_8UC3, cv::Scalar(0, 255, 100));
  const cv::Mat coverage = (cv::Mat_<std::uint8_t>(1, 3) << 0, 255, 51);
  paste(background, colours, coverage);
  EXPECT_EQ(background.at<cv::Vec3b>(0), cv::Vec3b(100, 0, 200));
  EXPECT_EQ(background.at<cv::Vec3b>(1), cv::Vec3b(0, 255, 100));
  EXPECT_EQ(background.at<cv::Vec3b>(2), cv::Vec3b(80, 51, 180));
}

TEST(Augmentation, AFaultyMaskResemblesTheObjectInLogits) {
  const cv::Mat object = ellipse({161, 161}, {80, 70}, {50, 30}).truth * 255;
  double largest = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Random random{seed};
    const cv::Mat logits = faulty_mask(object, random);
    double low = 0, high = 0;
    cv::minMaxLoc(logits, &low, &high);
    EXPECT_GE(low, -4);
    EXPECT_LE(high, 4);
    largest = std::max(largest, cv::norm((logits > 0) ^ (object > 0), cv::NORM_L1) / 255 / cv::countNonZero(object));
  }
  EXPECT_GT(largest, 0.05);
  EXPECT_LT(largest, 3);
}

}  // namespace
}  // namespace gbrs::test
