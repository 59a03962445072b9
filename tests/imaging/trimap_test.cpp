// SPDX-License-Identifier: Apache-2.0
#include "imaging/trimap.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace gbrs {
namespace {

constexpr int kWidth = 80, kHeight = 60;

/// A square of 40 x 40 pixels whose left edge rises over `softness` pixels to the left of it.
Map square(int softness = 0) {
  Map map{kWidth, kHeight, std::vector<float>(kWidth * kHeight, 0.0F)};
  for (int y = 10; y < 50; ++y)
    for (int x = 0; x < 60; ++x) {
      const float before = static_cast<float>(20 - x) / static_cast<float>(softness + 1);
      map.values[static_cast<std::size_t>(y * kWidth + x)] = std::clamp(1 - before, 0.0F, 1.0F);
    }
  return map;
}

/// Pixels of row 30 that are unknown, from the left.
std::vector<int> unknown_columns(const Trimap& trimap) {
  std::vector<int> columns;
  for (int x = 0; x < trimap.width; ++x)
    if (trimap.at(x, 30) == Trimap::kUnknown) columns.push_back(x);
  return columns;
}

std::string message(const Expected<Trimap>& result) { return result ? "" : result.error().message; }

TEST(TrimapOf, IsABandAroundTheEdge) {
  const auto trimap = trimap_of(square(), 3);
  ASSERT_TRUE(trimap) << message(trimap);
  EXPECT_EQ(unknown_columns(*trimap), (std::vector{17, 18, 19, 20, 21, 22, 57, 58, 59, 60, 61, 62}));
  EXPECT_EQ(trimap->at(40, 30), Trimap::kForeground);
  EXPECT_EQ(trimap->at(2, 30), Trimap::kBackground);
}

TEST(TrimapOf, IsWiderWhereTheEdgeIsSoft) {
  const auto trimap = trimap_of(square(8), 3);
  ASSERT_TRUE(trimap) << message(trimap);
  const auto columns = unknown_columns(*trimap);
  EXPECT_EQ(columns.front(), 20 - 8 - 3);
  EXPECT_EQ(columns.back(), 62);
  EXPECT_EQ(columns.size(), 8U + 4 * 3);
}

TEST(TrimapOf, HasABandThatSuitsTheObjectsSize) {
  const auto trimap = trimap_of(square());
  ASSERT_TRUE(trimap) << message(trimap);
  EXPECT_EQ(unknown_columns(*trimap).size(), 4U * 2) << "2 % of 57 pixels are less than two";
}

TEST(TrimapOf, LeavesSomethingOfAThinObject) {
  Map line{kWidth, kHeight, std::vector<float>(kWidth * kHeight, 0.0F)};
  for (int x = 10; x < 70; ++x) line.values[static_cast<std::size_t>(30 * kWidth + x)] = 1;
  const auto trimap = trimap_of(line, 20);
  ASSERT_TRUE(trimap) << message(trimap);
  EXPECT_TRUE(check_trimap(*trimap));
  EXPECT_EQ(trimap->at(40, 30), Trimap::kForeground);
  EXPECT_EQ(trimap->at(40, 31), Trimap::kUnknown);
}

TEST(TrimapOf, SaysWhatIsWrong) {
  const Map nothing{4, 4, std::vector<float>(16, 0.0F)}, faint{4, 4, std::vector<float>(16, 0.4F)},
      all{4, 4, std::vector<float>(16, 1.0F)}, beyond{4, 4, std::vector<float>(16, 1.5F)};
  EXPECT_NE(message(trimap_of(nothing)).find("object"), std::string::npos);
  EXPECT_NE(message(trimap_of(faint)).find("object"), std::string::npos);
  EXPECT_NE(message(trimap_of(all)).find("background"), std::string::npos);
  EXPECT_NE(message(trimap_of(beyond)).find("beyond"), std::string::npos);
  EXPECT_NE(message(trimap_of({4, 4, {}})).find("lacks"), std::string::npos);
  EXPECT_NE(message(trimap_of(square(), -1)).find("band"), std::string::npos);
  EXPECT_NE(message(trimap_of(square(), std::nan(""))).find("band"), std::string::npos);
}

TEST(Trimap, SaysWhatIsMissing) {
  const auto fault = [](std::vector<std::uint8_t> codes) {
    const auto checked = check_trimap({3, 1, std::move(codes)});
    return checked ? std::string() : checked.error().message;
  };
  EXPECT_EQ(fault({0, 128, 255}), "");
  EXPECT_NE(fault({0, 128, 0}).find("foreground"), std::string::npos);
  EXPECT_NE(fault({255, 128, 255}).find("background"), std::string::npos);
  EXPECT_NE(fault({255, 0, 255}).find("unknown"), std::string::npos);
  EXPECT_NE(fault({255, 0, 3}).find("none of 0, 128 and 255"), std::string::npos);
  EXPECT_NE(fault({255, 0}).find("lacks"), std::string::npos);
}

TEST(TrimapFrom, KnowsWhatIsBlackOrWhiteIn8Bits) {
  const auto trimap = trimap_from({6, 1, {0, 0.4F / 255, 0.6F / 255, 0.5F, 254.4F / 255, 254.6F / 255}});
  ASSERT_TRUE(trimap) << message(trimap);
  EXPECT_EQ(trimap->codes, (std::vector<std::uint8_t>{0, 0, 128, 128, 128, 255}));
  EXPECT_NE(message(trimap_from({2, 1, {1, 3}})).find("beyond"), std::string::npos);
  EXPECT_NE(message(trimap_from({1, 1, {std::numeric_limits<float>::quiet_NaN()}})).find("beyond"), std::string::npos);
  EXPECT_NE(message(trimap_from({3, 1, {0, 1}})).find("lacks"), std::string::npos);
}

TEST(Trimap, KnowsAPixelOfAnotherSizeWhereAllOfItIsKnownAlike) {
  const Trimap trimap{8, 1, {0, 0, 0, 128, 255, 255, 255, 0}};
  EXPECT_EQ(resampled(trimap, {0, 0, 8, 1}, 4, 1), (std::vector<std::uint8_t>{0, 128, 255, 128}));
  EXPECT_EQ(resampled(trimap, {0, 0, 8, 1}, 3, 1), (std::vector<std::uint8_t>{0, 128, 128}));
  EXPECT_EQ(resampled(trimap, {2, 0, 3, 1}, 6, 1), (std::vector<std::uint8_t>{0, 0, 128, 128, 255, 255}));
  EXPECT_EQ(resampled(trimap, {0, 0, 8, 1}, 8, 1), (std::vector<std::uint8_t>{0, 0, 0, 128, 255, 255, 255, 0}));
  EXPECT_EQ(unknown_box(trimap), (Rectangle{3, 0, 1, 1}));
  EXPECT_EQ(known_alpha(trimap, 2, 0), 0.0F);
  EXPECT_EQ(known_alpha(trimap, 3, 0), std::nullopt);
  EXPECT_EQ(known_alpha(trimap, 4, 0), 1.0F);
}

}  // namespace
}  // namespace gbrs
