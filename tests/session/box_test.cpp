// SPDX-License-Identifier: Apache-2.0
#include "session/box.hpp"

#include <gtest/gtest.h>

namespace gbrs {
namespace {

constexpr Box kBox{10, 20, 40, 60};

TEST(Box, TheClickThatStandsForItLiesInItsMiddleAndReachesItsCorners) {
  const auto click = click_of(kBox, {}, 0);
  ASSERT_TRUE(click);
  EXPECT_EQ(*click, (Click{.x = 25, .y = 40, .radius = 25, .target = kInclude}));
}

TEST(Box, ItGivesWayToOlderClicksAndIsSilentWhereANewerOneIs) {
  const Click clicks[] = {{.x = 25.5, .y = 40.5, .target = kExclude}, {.x = 26.2, .y = 40.9}};
  EXPECT_EQ(click_of(kBox, clicks, 2)->x, 27);
  EXPECT_FALSE(click_of(kBox, clicks, 1));
  EXPECT_FALSE(click_of(kBox, clicks, 0));
}

// A frame of a picture of 64 x 64 in which a pixel is a pixel.
const Frame kFrame{.box = {0, 0, 64, 64}, .width = 64, .height = 64};

FrameMap map_of(float value) { return {.width = 64, .height = 64, .values = std::vector<float>(64 * 64, value)}; }

TEST(Box, WhatLiesOutsideIsTakenAwayAndTheInsideStays) {
  FrameMap answer = map_of(3);
  keep_within(answer, nullptr, kBox, kFrame);
  for (int y = 0; y < 64; ++y)
    for (int x = 0; x < 64; ++x) {
      const bool is_inside = x >= 10 && x < 40 && y >= 20 && y < 60;
      EXPECT_EQ(answer.values[static_cast<std::size_t>(y * 64 + x)] > 0, is_inside) << x << ' ' << y;
    }
}

TEST(Box, WhatWasSelectedBeforeStaysOutsideToo) {
  FrameMap before = map_of(-5);
  before.values[5 * 64 + 50] = 4;
  FrameMap answer = map_of(3);
  keep_within(answer, &before, kBox, kFrame);
  EXPECT_EQ(answer.values[5 * 64 + 50], 3);
  EXPECT_LT(answer.values[5 * 64 + 52], 0);
}

}  // namespace
}  // namespace gbrs
