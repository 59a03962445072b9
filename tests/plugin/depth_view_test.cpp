// SPDX-License-Identifier: GPL-3.0-or-later
// What a depth map looks like, and what kinds of things do: numbers, colours, lines.
#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <tuple>

#include "tools/depth/depth_painter.hpp"
#include "tools/semantic/kinds.hpp"

namespace gbrs::plugin {
namespace {

double lightness(const Colour& colour) { return 0.2126 * colour.red + 0.7152 * colour.green + 0.0722 * colour.blue; }

TEST(DepthView, ColoursGetDarkerAllTheWay) {
  for (int i = 0; i < 100; ++i)
    EXPECT_GT(lightness(depth_colour(i / 100.0)), lightness(depth_colour((i + 1) / 100.0))) << i;
  EXPECT_EQ(depth_colour(-3), depth_colour(0));
  EXPECT_EQ(depth_colour(7), depth_colour(1));
}

TEST(DepthView, StepsAreRoundAndAtMostAsManyAsWanted) {
  EXPECT_DOUBLE_EQ(contour_step(10, 10), 1);
  EXPECT_DOUBLE_EQ(contour_step(10, 8), 2);
  EXPECT_DOUBLE_EQ(contour_step(3.1, 8), 0.5);
  EXPECT_DOUBLE_EQ(contour_step(70, 10), 10);
  EXPECT_EQ(contour_step(0, 10), 0);
  for (double range = 0.003; range < 5000; range *= 1.37) EXPECT_LE(range / contour_step(range, 8), 8 + 1e-9) << range;
}

TEST(Kinds, EachHasAColourOfItsOwnAndTheBackgroundIsGrey) {
  ModelInfo model;
  model.classes.assign(21, "thing");
  model.classes.front() = "background";
  std::set<std::tuple<int, int, int>> colours;
  for (int number = 0; number < 21; ++number) {
    const Colour colour = kind_colour(model, number);
    for (const double channel : {colour.red, colour.green, colour.blue}) {
      EXPECT_GE(channel, 0) << number;
      EXPECT_LE(channel, 1) << number;
    }
    const auto coarse = [](double channel) { return static_cast<int>(std::lround(channel * 20)); };
    EXPECT_TRUE(colours.emplace(coarse(colour.red), coarse(colour.green), coarse(colour.blue)).second) << number;
  }
  const Colour background = kind_colour(model, 0);
  EXPECT_EQ(background.red, background.green);
  model.classes.front() = "road";
  EXPECT_NE(kind_colour(model, 0), background);
}

}  // namespace
}  // namespace gbrs::plugin
