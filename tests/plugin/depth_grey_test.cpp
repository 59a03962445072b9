// SPDX-License-Identifier: GPL-3.0-or-later
#include "depth_grey.hpp"

#include <gtest/gtest.h>

namespace gbrs::plugin {
namespace {

Map depths() { return {4, 1, {1, 2, 4, 5}}; }

TEST(DepthGrey, SpreadsTheMapsOwnRange) {
  EXPECT_EQ(grey_of(depths(), {}).values, (std::vector<float>{1, 0.75F, 0.25F, 0}));
  EXPECT_EQ(grey_of(depths(), {.is_near_white = false}).values, (std::vector<float>{0, 0.25F, 0.75F, 1}));
}

TEST(DepthGrey, KeepsWhatLiesBeyondAtTheEnds) {
  EXPECT_EQ(grey_of(depths(), {.near = 2, .far = 4, .is_near_white = false}).values,
            (std::vector<float>{0, 0, 1, 1}));
}

TEST(DepthGrey, DisparityIsLinearInTheInverse) {
  const Map grey = grey_of(depths(), {.near = 1, .far = 5, .is_disparity = true});
  EXPECT_FLOAT_EQ(grey.values[0], 1);
  EXPECT_FLOAT_EQ(grey.values[1], (0.5F - 0.2F) / 0.8F);
  EXPECT_FLOAT_EQ(grey.values[3], 0);
}

TEST(DepthGrey, AFlatMapIsOneGrey) {
  EXPECT_EQ(grey_of({2, 1, {3, 3}}, {}).values, (std::vector<float>{1, 1}));
  EXPECT_TRUE(grey_of({}, {}).values.empty());
}

}  // namespace
}  // namespace gbrs::plugin
