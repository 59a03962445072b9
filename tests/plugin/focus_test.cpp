// SPDX-License-Identifier: GPL-3.0-or-later
// What a lens shows sharp, and how blurred the rest is.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "tools/depth/blur_levels.hpp"
#include "tools/depth/focus_painter.hpp"

namespace gbrs::plugin {
namespace {

constexpr DepthScale kRange{.near = 1, .far = 5};

TEST(Focus, WhatIsThereIsSharpAndTheRestTheLessTheFartherItIsAway) {
  const Focus focus{.depth = 2, .strength = 1};
  EXPECT_EQ(blur_at(2, focus, kRange), 0);
  EXPECT_NEAR(blur_at(1, focus, kRange), (1 - 0.5) / 0.8, 1e-12);
  EXPECT_NEAR(blur_at(5, focus, kRange), (0.5 - 0.2) / 0.8, 1e-12);
  EXPECT_GT(blur_at(1.5, focus, kRange), blur_at(2.5, focus, kRange));  // as near is, it is blurred more
  EXPECT_EQ(blur_at(0, {.depth = 5, .strength = 1}, kRange), 1);        // never more than all
  EXPECT_LE(blur_at(1e9, focus, kRange), 1);
}

TEST(Focus, AMapOfOneDepthIsSharp) {
  for (const double depth : {0.0, 2.0})
    for (const double wanted : {depth, 1.0}) {
      const double blur = blur_at(depth, {.depth = wanted, .strength = 1}, {.near = depth, .far = depth});
      EXPECT_EQ(blur, 0) << depth << ' ' << wanted;
    }
}

/// Black on the left of x = 40, white on its right, without end.
void paint_edge(Rectangle part, double, PixelRows pixels) {
  for (int y = 0; y < part.height; ++y)
    for (int x = 0; x < part.width; ++x) pixels.row(y)[x] = part.x + x < 40 ? 0 : 0xFFFFFF;
}

std::uint32_t green(std::uint32_t word) { return word >> 8 & 0xFF; }

TEST(BlurLevels, BlurMoreAndMore) {
  constexpr double kMost = 16;
  BlurLevels blurs(paint_edge);
  const auto levels = blurs.of({0, 0, 80, 30}, 1, kMost);
  ASSERT_EQ(levels->size(), std::size_t{kBlurLevels});
  const std::size_t middle = std::size_t{15} * 80;
  for (std::size_t level = 0; level < levels->size(); ++level) {
    const auto& words = (*levels)[level];
    ASSERT_EQ(words.size(), std::size_t{80} * 30);
    const double deviation = kBlurShares[level] * kMost;
    for (const int x : {10, 25, 34, 38, 41, 45, 60}) {
      const double distance = x + 0.5 - 40;
      const double wanted =
          deviation == 0 ? (distance > 0 ? 255 : 0) : 255 * 0.5 * (1 + std::erf(distance / deviation / std::sqrt(2)));
      // a reduced picture's pixels are squares
      EXPECT_NEAR(green(words[middle + static_cast<std::size_t>(x)]), wanted, 9) << level << ' ' << x;
    }
  }
}

TEST(BlurLevels, WhatLiesBesideThePartShinesIntoIt) {
  BlurLevels blurs(paint_edge);
  const auto whole = blurs.of({0, 0, 80, 30}, 1, 8);
  const auto part = blurs.of({41, 5, 20, 10}, 1, 8);
  EXPECT_LT(green(part->back()[0]), 200);
  EXPECT_NEAR(green(part->back()[0]), green(whole->back()[5 * 80 + 41]), 6);
}

TEST(BlurLevels, AreKeptUntilAnotherPartIsLookedAt) {
  int painted = 0;
  BlurLevels blurs([&](Rectangle part, double scale, PixelRows pixels) {
    ++painted;
    paint_edge(part, scale, pixels);
  });
  const auto first = blurs.of({0, 0, 20, 10}, 1, 4);
  EXPECT_EQ(blurs.of({0, 0, 20, 10}, 1, 4), first);
  EXPECT_EQ(painted, 1);
  EXPECT_NE(blurs.of({0, 0, 20, 10}, 1, 5), first);
  EXPECT_NE(blurs.of({5, 0, 20, 10}, 1, 5), first);
  EXPECT_EQ(painted, 3);
}

TEST(FocusPainter, MixesTheLevelsByTheirDepths) {
  BlurLevels::Levels levels;
  for (const std::uint32_t value : {0U, 40U, 80U, 120U, 160U, 200U})
    levels.push_back({value, value << 16, value, value});
  const Focus focus{.depth = 5, .strength = 1};
  // blurs 0, 1, 1/2, and half way between 1/2 and 1
  const Map depth{4, 1, {5, 1, 1 / (0.2F + 0.4F), 1 / (0.2F + 0.6F)}};
  std::vector<std::uint32_t> words(4);
  paint_focus(depth, levels, focus, kRange, {words.data(), 4});
  EXPECT_EQ(words[0], 0xFF000000U);
  EXPECT_EQ(words[1], 0xFF000000U | 200U << 16);
  EXPECT_NEAR(words[2] & 0xFF, 160, 1);
  EXPECT_NEAR(words[3] & 0xFF, 180, 1);
}

}  // namespace
}  // namespace gbrs::plugin
