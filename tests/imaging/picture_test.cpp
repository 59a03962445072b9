// SPDX-License-Identifier: Apache-2.0
#include "imaging/picture.hpp"

#include <gtest/gtest.h>

namespace gbrs {
namespace {

std::vector<std::uint8_t> gradient(int width, int height, int channels) {
  std::vector<std::uint8_t> pixels;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < channels; ++c) pixels.push_back(static_cast<std::uint8_t>(x * 3 + y * 5 + c));
  return pixels;
}

TEST(Picture, IsACopyWithoutAlphaAndPadding) {
  auto pixels = gradient(20, 10, 4);
  const auto picture = Picture::copy(
      {.pixels = pixels.data(), .width = 17, .height = 10, .stride_bytes = 80, .format = PixelFormat::rgba8});
  ASSERT_TRUE(picture) << picture.error().message;
  pixels.assign(pixels.size(), 0);
  EXPECT_EQ((*picture)->width(), 17);
  EXPECT_EQ((*picture)->level(0).at<cv::Vec3b>(4, 16), cv::Vec3b(16 * 3 + 20, 16 * 3 + 21, 16 * 3 + 22));
}

TEST(Picture, LevelsHalveAndKeepTheMean) {
  const std::vector<std::uint8_t> pixels(64 * 40 * 3, 77);
  const auto picture = Picture::copy({.pixels = pixels.data(), .width = 64, .height = 40, .stride_bytes = 192});
  EXPECT_EQ((*picture)->level(2).size(), cv::Size(16, 10));
  EXPECT_EQ((*picture)->level(2).at<cv::Vec3b>(9, 15), cv::Vec3b(77, 77, 77));
  EXPECT_EQ((*picture)->last_level(), 4);
}

TEST(Picture, ResampledBoxHasTheAskedSize) {
  const auto pixels = gradient(40, 30, 3);
  const auto picture = Picture::copy({.pixels = pixels.data(), .width = 40, .height = 30, .stride_bytes = 120});
  EXPECT_EQ((*picture)->resampled({10, 5, 20, 20}, 10, 10).size(), cv::Size(10, 10));
  const cv::Mat same = (*picture)->resampled({10, 5, 20, 20}, 20, 20);
  EXPECT_EQ(same.at<cv::Vec3b>(0, 0), cv::Vec3b(55, 56, 57));
  EXPECT_EQ((*picture)->resampled({0, 0, 40, 30}, 400, 300).size(), cv::Size(400, 300));
}

}  // namespace
}  // namespace gbrs
