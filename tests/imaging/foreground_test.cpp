// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "gbrs/matting.hpp"

namespace gbrs {
namespace {

constexpr int kWidth = 96, kHeight = 64;
using Colour = std::array<double, 3>;

/// An object whose edge is soft over 20 pixels, before something of another colour; both vary slowly.
struct Composite {
  Map alpha{kWidth, kHeight, {}};
  std::vector<std::uint8_t> image;
  std::vector<Colour> object;

  Composite() {
    for (int y = 0; y < kHeight; ++y)
      for (int x = 0; x < kWidth; ++x) {
        const double distance = std::hypot(x - 48, y - 32);
        const double opacity = std::clamp((30 - distance) / 20, 0.0, 1.0);
        alpha.values.push_back(static_cast<float>(opacity));
        object.push_back({200 + 0.3 * x, 120 - 0.5 * y, 40});
        const Colour ground{30, 60 + 0.5 * x, 180 - 0.5 * y};
        for (std::size_t c = 0; c < 3; ++c)
          image.push_back(static_cast<std::uint8_t>(opacity * object.back()[c] + (1 - opacity) * ground[c] + 0.5));
      }
  }
  [[nodiscard]] ImageView view() const {
    return {.pixels = image.data(), .width = kWidth, .height = kHeight, .stride_bytes = 3 * kWidth};
  }
};

/// Of the pixels with an opacity from `least` to below `most`, the mean difference of colours from the object's.
double mean_error(const Composite& picture, const std::vector<std::uint8_t>& colours, double least, double most) {
  double sum = 0;
  int count = 0;
  for (std::size_t i = 0; i < picture.object.size(); ++i) {
    if (picture.alpha.values[i] < least || picture.alpha.values[i] >= most) continue;
    for (std::size_t c = 0; c < 3; ++c) sum += std::abs(colours[3 * i + c] - picture.object[i][c]);
    count += 3;
  }
  return sum / count;
}

TEST(ForegroundColours, AreTheObjectsOwnWhereItIsPartlyOpaque) {
  const Composite picture;
  const auto colours = foreground_colours(picture.view(), picture.alpha);
  ASSERT_TRUE(colours) << colours.error().message;
  const double before = mean_error(picture, picture.image, 0.1, 1);
  EXPECT_GT(before, 30);
  EXPECT_LT(mean_error(picture, *colours, 0.1, 1), 5);
  EXPECT_LT(mean_error(picture, *colours, 0.02, 0.1), 15);
}

TEST(ForegroundColours, AreThePicturesOwnWhereItIsOpaque) {
  const Composite picture;
  const auto colours = *foreground_colours(picture.view(), picture.alpha);
  for (std::size_t i = 0; i < picture.image.size(); ++i) {
    if (picture.alpha.values[i / 3] == 1) {
      EXPECT_EQ(colours[i], picture.image[i]) << i;
    }
  }
}

TEST(ForegroundColours, ChangeNothingOfAHardMask) {
  Composite picture;
  for (float& value : picture.alpha.values) value = value > 0.5F ? 1.0F : 0.0F;
  EXPECT_EQ(*foreground_colours(picture.view(), picture.alpha), picture.image);
}

TEST(ForegroundColours, StopWhenAsked) {
  const Composite picture;
  std::stop_source stop;
  stop.request_stop();
  const auto stopped = foreground_colours(picture.view(), picture.alpha, stop.get_token());
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::invalid_argument);
}

TEST(ForegroundColours, NeedAnAlphaOfTheImagesSize) {
  const Composite picture;
  const auto refused = foreground_colours(picture.view(), {4, 4, std::vector<float>(16)});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("4 x 4"), std::string::npos) << refused.error().message;
}

}  // namespace
}  // namespace gbrs
