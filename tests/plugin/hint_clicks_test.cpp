// SPDX-License-Identifier: GPL-3.0-or-later
#include "procedures/hint_clicks.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace gbrs::plugin {
namespace {

Map drawn(int width, int height, const std::function<bool(int x, int y)>& is_inside) {
  Map map{width, height, {}};
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) map.values.push_back(is_inside(x, y) ? 1.0F : 0.0F);
  return map;
}

TEST(HintClicks, ARegionIsClickedInItsMiddleAndReachesItsEdge) {
  const auto clicks = clicks_of_region(drawn(100, 80, [](int x, int y) { return std::hypot(x - 60, y - 30) <= 20; }));
  ASSERT_EQ(clicks.size(), 1U);
  EXPECT_EQ(clicks[0].x, 60.5);
  EXPECT_EQ(clicks[0].y, 30.5);
  EXPECT_EQ(clicks[0].radius, 20);
  EXPECT_EQ(clicks[0].target, kInclude);
}

TEST(HintClicks, EachPartOfARegionHasAClickTheLargestFirst) {
  const auto clicks = clicks_of_region(
      drawn(60, 60, [](int x, int y) { return (x < 3 && y < 3) || (x >= 20 && x < 31 && y >= 40 && y < 51); }));
  ASSERT_EQ(clicks.size(), 2U);
  EXPECT_EQ(clicks[0].x, 25.5);
  EXPECT_EQ(clicks[0].y, 45.5);
  EXPECT_EQ(clicks[1].x, 1.5);
  EXPECT_EQ(clicks[1].y, 1.5);
  EXPECT_EQ(clicks[1].radius, std::hypot(1, 1));
}

TEST(HintClicks, ThePicturesBorderIsAnEdge) {
  const auto clicks = clicks_of_region(drawn(21, 21, [](int, int) { return true; }));
  ASSERT_EQ(clicks.size(), 1U);
  EXPECT_EQ(clicks[0].x, 10.5);
  EXPECT_EQ(clicks[0].y, 10.5);
}

TEST(HintClicks, NothingDrawnIsNoClick) {
  EXPECT_TRUE(clicks_of_region(drawn(9, 9, [](int, int) { return false; })).empty());
  EXPECT_TRUE(clicks_of_strokes(drawn(9, 9, [](int, int) { return false; }), kInclude).empty());
}

TEST(HintClicks, AStrokeIsARunOfClicksAlongItsMiddle) {
  // 9 pixels wide, 300 long, rounded at its ends
  const Map stroke = drawn(400, 60, [](int x, int y) {
    return std::abs(y - 30) <= 4 && std::hypot(std::max({50 - x, x - 350, 0}), y - 30) <= 4;
  });
  const auto runs = clicks_of_strokes(stroke, kExclude);
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_GE(runs[0].size(), 5U);
  EXPECT_LE(runs[0].size(), 16U);
  double leftmost = 400;
  double rightmost = 0;
  for (const Click& click : runs[0]) {
    EXPECT_NEAR(click.y, 30.5, 1.5);
    EXPECT_EQ(click.target, kExclude);
    EXPECT_FALSE(click.radius);
    leftmost = std::min(leftmost, click.x);
    rightmost = std::max(rightmost, click.x);
  }
  EXPECT_LT(leftmost, 100) << "from one end";
  EXPECT_GT(rightmost, 300) << "to the other";
}

TEST(HintClicks, EveryClickLiesOnItsStroke) {
  const Map spiral = drawn(200, 200, [](int x, int y) {
    const double radius = std::hypot(x - 100, y - 100);
    const double turn = std::atan2(y - 100, x - 100) / (2 * M_PI);
    const double arm = radius / 30 - turn;
    return radius < 95 && arm - std::floor(arm) < 0.3;
  });
  std::size_t clicks = 0;
  for (const auto& run : clicks_of_strokes(spiral, kInclude)) {
    for (const Click& click : run) {
      EXPECT_GT(spiral.at(static_cast<int>(click.x), static_cast<int>(click.y)), 0.5F);
      ++clicks;
    }
  }
  EXPECT_GT(clicks, 4U);
}

TEST(HintClicks, ADotIsOneClick) {
  const auto runs =
      clicks_of_strokes(drawn(50, 50, [](int x, int y) { return std::hypot(x - 20, y - 22) <= 6; }), kInclude);
  ASSERT_EQ(runs.size(), 1U);
  ASSERT_EQ(runs[0].size(), 1U);
  EXPECT_EQ(runs[0][0].x, 20.5);
  EXPECT_EQ(runs[0][0].y, 22.5);
}

}  // namespace
}  // namespace gbrs::plugin
