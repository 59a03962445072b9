// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/depth/depth_grey.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <vector>

namespace gbrs::plugin {
namespace {

Map depths() { return {4, 1, {1, 2, 4, 5}}; }

TEST(DepthGrey, SpreadsTheMapsOwnRange) {
  EXPECT_EQ(grey_of(depths(), {}).values, (std::vector<float>{1, 0.75F, 0.25F, 0}));
  EXPECT_EQ(grey_of(depths(), {.is_near_white = false}).values, (std::vector<float>{0, 0.25F, 0.75F, 1}));
}

TEST(DepthGrey, KeepsWhatLiesBeyondAtTheEnds) {
  EXPECT_EQ(grey_of(depths(), {.near = 2, .far = 4, .is_near_white = false}).values, (std::vector<float>{0, 0, 1, 1}));
}

TEST(DepthGrey, DisparityIsLinearInTheInverse) {
  const Map grey = grey_of(depths(), {.near = 1, .far = 5, .is_disparity = true});
  EXPECT_FLOAT_EQ(grey.values[0], 1);
  EXPECT_FLOAT_EQ(grey.values[1], (0.5F - 0.2F) / 0.8F);
  EXPECT_FLOAT_EQ(grey.values[3], 0);
}

TEST(DepthGrey, WhatLiesBeyondMayWidenTheRange) {
  EXPECT_EQ(grey_of(depths(), {.near = 2, .far = 4, .is_near_white = false, .widens = true}).values,
            grey_of(depths(), {.near = 1, .far = 5, .is_near_white = false}).values);
  EXPECT_EQ(grey_of(depths(), {.near = 0, .far = 10, .is_near_white = false, .widens = true}).values,
            (std::vector<float>{0.1F, 0.2F, 0.4F, 0.5F}));
}

TEST(DepthGrey, DepthsOfGreysAreWhatTheyWere) {
  for (const bool is_disparity : {false, true}) {
    for (const bool is_near_white : {false, true}) {
      const DepthScale scale{.near = 0.5, .far = 6, .is_disparity = is_disparity, .is_near_white = is_near_white};
      const Map back = depths_of(grey_of(depths(), scale), scale);
      for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(back.values[i], depths().values[i], 1e-4) << is_disparity << i;
    }
  }
}

TEST(DepthGrey, GreysBeyondTheirEndsGoOnAndNeverBehindTheCamera) {
  const Map far = depths_of({3, 1, {-1, 2, 0.5F}}, {.near = 1, .far = 3, .is_near_white = false});
  EXPECT_EQ(far.values, (std::vector<float>{0, 5, 2}));
  const Map inverse = depths_of({2, 1, {-9, 1}}, {.near = 1, .far = 3, .is_disparity = true});
  EXPECT_GT(inverse.values[0], 1e5);  // the greys end before infinity
  EXPECT_EQ(inverse.values[1], 1);
}

TEST(DepthGrey, TheRangeOfGreysIsFoundByWhatTheyShow) {
  const Map depth{4, 2, {1, 2, 4, 5, 1.5F, 2.5F, 3, 3.5F}};
  for (const bool is_disparity : {false, true}) {
    const DepthScale scale{.near = 0.75, .far = 7, .is_disparity = is_disparity};
    const Map grey = grey_of(depth, scale);
    Map larger{8, 4, {}};  // the same picture
    for (int y = 0; y < 4; ++y)
      for (int x = 0; x < 8; ++x) larger.values.push_back(grey.at(x / 2, y / 2));
    const DepthScale found = fitted({.is_disparity = is_disparity}, larger, depth);
    EXPECT_NEAR(found.near, 0.75, 1e-3) << is_disparity;
    EXPECT_NEAR(found.far, 7, 1e-2) << is_disparity;
  }
}

TEST(DepthGrey, GreysThatFitNothingGetTheDepthsOwnRange) {
  const Map grey = grey_of(depths(), {.is_near_white = false});
  const DepthScale turned = fitted({.is_near_white = true}, grey, depths());
  EXPECT_EQ(turned.near, 1);
  EXPECT_EQ(turned.far, 5);
  const DepthScale flat = fitted({}, {2, 1, {0.5F, 0.5F}}, {2, 1, {3, 3}});
  EXPECT_EQ(flat.near, 3);
  EXPECT_TRUE(flat.has_range());
}

TEST(DepthGrey, AFlatMapIsOneGrey) {
  EXPECT_EQ(grey_of({2, 1, {3, 3}}, {}).values, (std::vector<float>{1, 1}));
  EXPECT_TRUE(grey_of({}, {}).values.empty());
}

}  // namespace
}  // namespace gbrs::plugin
