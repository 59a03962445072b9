// SPDX-License-Identifier: Apache-2.0
#include "evaluation/clicker.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace gbrs {
namespace {

/// An object of width x height pixels at (left, top).
Truth rectangle(int image_width, int image_height, Rectangle object) {
  Truth truth{.width = image_width, .height = image_height, .labels = {}};
  for (int y = 0; y < image_height; ++y)
    for (int x = 0; x < image_width; ++x)
      truth.labels.push_back(x >= object.x && x < object.x + object.width && y >= object.y &&
                                     y < object.y + object.height
                                 ? kObjectLabel
                                 : kBackgroundLabel);
  return truth;
}

std::vector<std::uint8_t> nothing(const Truth& truth) { return std::vector<std::uint8_t>(truth.labels.size(), 0); }

TEST(Clicker, FirstClickIsInTheMiddleAndReachesTheCorner) {
  const Truth truth = rectangle(40, 30, {10, 5, 21, 11});
  const auto click = Clicker(truth, "a", {}).next(nothing(truth));
  EXPECT_EQ(click->label, kObjectLabel);
  EXPECT_EQ(click->v, 10);
  EXPECT_EQ(click->u, 15);  // the first of the deepest pixels
  EXPECT_DOUBLE_EQ(click->radius, std::hypot(15, 5));
}

TEST(Clicker, NoErrorMeansNoClick) {
  const Truth truth = rectangle(9, 9, {3, 3, 3, 3});
  std::vector<std::uint8_t> right(truth.labels.begin(), truth.labels.end());
  EXPECT_FALSE(Clicker(truth, "a", {}).next(right));
}

TEST(Clicker, ClickedPixelsAreNotClickedAgainEvenIfNothingChanges) {
  const Truth truth = rectangle(9, 9, {3, 3, 3, 3});
  Clicker clicker(truth, "a", {});
  std::set<std::pair<int, int>> places;
  for (int i = 0; i < 9; ++i) {
    const auto click = clicker.next(nothing(truth));
    ASSERT_TRUE(click) << i;
    EXPECT_TRUE(places.insert({click->u, click->v}).second) << i;
  }
  EXPECT_FALSE(clicker.next(nothing(truth)));
}

TEST(Clicker, IgnoredPixelsAreNeitherErrorsNorInside) {
  Truth truth = rectangle(9, 3, {0, 0, 9, 3});
  for (int y = 0; y < 3; ++y) truth.labels[static_cast<std::size_t>(9 * y + 4)] = kIgnoredLabel;
  const auto click = Clicker(truth, "a", {}).next(nothing(truth));
  EXPECT_EQ(click->u, 1);  // the left half is 4 wide
  EXPECT_DOUBLE_EQ(click->radius, std::hypot(2, 1));
}

TEST(Clicker, JitterStaysOnTheErrorWithinItsShareAndRepeats) {
  const Truth truth = rectangle(200, 150, {20, 30, 101, 61});
  const auto plain = *Clicker(truth, "", {}).next(nothing(truth));
  const double depth = std::sqrt(static_cast<double>(plain.squared_depth));
  double farthest = 0;
  for (int i = 0; i < 300; ++i) {
    const std::string name = std::to_string(i);
    const auto click = *Clicker(truth, name, {.jitter = 1.0 / 3}).next(nothing(truth));
    const double moved = std::hypot(click.u - plain.u, click.v - plain.v);
    EXPECT_LE(moved, depth / 3 + std::sqrt(0.5));
    EXPECT_EQ(truth.labels[static_cast<std::size_t>(click.v * truth.width + click.u)], kObjectLabel);
    EXPECT_GE(click.radius, std::hypot(100, 60) / 2);  // to the corner that is now farthest
    const auto again = *Clicker(truth, name, {.jitter = 1.0 / 3}).next(nothing(truth));
    EXPECT_EQ(std::pair(again.u, again.v), std::pair(click.u, click.v));
    farthest = std::max(farthest, moved);
  }
  EXPECT_GT(farthest, depth / 4);
}

TEST(Clicker, FullJitterNeverLeavesTheErrorNorRepeatsAPixel) {
  const Truth truth = rectangle(12, 12, {2, 2, 5, 5});
  Clicker clicker(truth, "object", {.jitter = 1});
  std::set<std::pair<int, int>> places;
  for (int i = 0; i < 25; ++i) {
    const auto click = clicker.next(nothing(truth));
    ASSERT_TRUE(click) << i;
    EXPECT_EQ(truth.labels[static_cast<std::size_t>(click->v * truth.width + click->u)], kObjectLabel) << i;
    EXPECT_TRUE(places.insert({click->u, click->v}).second) << i;
  }
}

}  // namespace
}  // namespace gbrs
