// SPDX-License-Identifier: GPL-3.0-or-later
#include "editing/ground.hpp"

#include <gtest/gtest.h>

namespace gbrs::plugin {
namespace {

Step click(double x, double y, double target = 1) { return {.clicks = {{.x = x, .y = y, .target = target}}}; }

TEST(Ground, WhatLiesOutsideIsLeftOut) {
  Click pair{.x = 2, .y = 2};
  pair.same_as = Place{40, 2};
  Click path{.x = 2, .y = 2, .radius = 3};
  path.path = {{5, 5}, {2, 31}};
  const Said said{{click(5, 5), click(30, 5), {.clicks = {pair}}, {.clicks = {path}}}, {}};
  LeftOut left_out;
  const Said here = taken(said, {.width = 30, .height = 30}, left_out);
  EXPECT_EQ(here.steps, std::vector{click(5, 5)});
  EXPECT_EQ(left_out.outside, 3U);
  EXPECT_EQ(left_out.known + left_out.nameless, 0U);
}

TEST(Ground, AStrokeKeepsWhatOfItIsInThePicture) {
  Step stroke{.clicks = {{.x = 28, .y = 5}, {.x = 32, .y = 5}}, .is_stroke = true};
  LeftOut left_out;
  const Said here = taken({{stroke}, {}}, {.width = 30, .height = 30}, left_out);
  ASSERT_EQ(here.steps.size(), 1U);
  EXPECT_EQ(here.steps[0].clicks.size(), 1U);
  EXPECT_TRUE(left_out.is_nothing());
}

TEST(Ground, BoxesAreCut) {
  const Said said{{{.clicks = {}, .box = Box{-4, 3, 50, 9}}, {.clicks = {}, .box = Box{29.5, 3, 50, 9}}}, {}};
  LeftOut left_out;
  const Said here = taken(said, {.width = 30, .height = 30}, left_out);
  ASSERT_EQ(here.steps.size(), 1U);
  EXPECT_EQ(here.steps[0].box, (Box{0, 3, 30, 9}));
  EXPECT_EQ(left_out.outside, 1U);
}

TEST(Ground, PaintedStrokesOutsideAreLeftOut) {
  LeftOut left_out;
  const std::vector<PaintedStroke> painted{{Known::keep, 3, {{1, 1}, {29, 29}}}, {Known::drop, 3, {{1, 1}, {30, 1}}}};
  EXPECT_EQ(strokes_within(painted, 30, 30, left_out), std::vector{painted[0]});
  EXPECT_EQ(left_out.outside, 1U);
}

TEST(Ground, ClassesGoByTheirNames) {
  Click pair{.x = 2, .y = 2};
  pair.same_as = Place{4, 2};
  const Said said{{click(1, 1, 0), click(2, 2, 2), click(3, 3, 1), {.clicks = {pair}}},
                  {},
                  {"background", "boat", "person"}};
  LeftOut left_out;
  const Said here = taken(said, {.width = 30, .height = 30, .classes = {"road", "person", "background"}}, left_out);
  EXPECT_EQ(here.steps, (std::vector{click(1, 1, 2), click(2, 2, 1), Step{.clicks = {pair}}}));
  EXPECT_EQ(left_out.nameless, 1U);
  EXPECT_EQ(here.classes.size(), 3U);
}

TEST(Ground, OfAnUnknownModelsClassesNothingIsSaid) {
  LeftOut left_out;
  EXPECT_TRUE(taken({{click(1, 1, 0)}, {}}, {.width = 9, .height = 9, .classes = {"road"}}, left_out).steps.empty());
  EXPECT_EQ(left_out.nameless, 1U);
}

TEST(Ground, WhatIsKnownIsLeftOut) {
  auto trimap = std::make_shared<Trimap>(9, 9, std::vector<std::uint8_t>(81, Trimap::kUnknown));
  trimap->codes[0] = Trimap::kForeground;
  LeftOut left_out;
  const Said here = taken({{click(0, 0), click(1, 0)}, {}}, {.width = 9, .height = 9, .trimap = trimap}, left_out);
  EXPECT_EQ(here.steps, std::vector{click(1, 0)});
  EXPECT_EQ(left_out.known, 1U);
}

}  // namespace
}  // namespace gbrs::plugin
