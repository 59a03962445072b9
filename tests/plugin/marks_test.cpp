// SPDX-License-Identifier: GPL-3.0-or-later
#include "editing/marks.hpp"

#include <gtest/gtest.h>

namespace gbrs::plugin {
namespace {

using Kind = Mark::Kind;

Click at(double x, double y) { return {.x = x, .y = y}; }

TEST(Marks, ClicksOfAStepStandAloneStrokesAndBoxesAreOneThing) {
  const std::vector<Step> history{{.clicks = {at(1, 1), at(2, 2)}},
                                  {.clicks = {at(3, 3), at(4, 4), at(5, 5)}, .is_stroke = true},
                                  {.clicks = {}, .box = Box{1, 2, 3, 4}},
                                  {.clicks = {at(6, 6)}}};
  const auto marks = marks_of(history);
  ASSERT_EQ(marks.size(), 5U);
  const Kind kinds[] = {Kind::click, Kind::click, Kind::stroke, Kind::box, Kind::click};
  const std::size_t steps[] = {0, 0, 1, 2, 3};
  const std::size_t firsts[] = {0, 1, 2, 5, 5};
  const std::size_t clicks[] = {1, 1, 3, 0, 1};
  for (std::size_t i = 0; i < marks.size(); ++i) {
    EXPECT_EQ(marks[i].kind, kinds[i]) << i;
    EXPECT_EQ(marks[i].step, steps[i]) << i;
    EXPECT_EQ(marks[i].first_click, firsts[i]) << i;
    EXPECT_EQ(marks[i].clicks, clicks[i]) << i;
  }
}

TEST(Marks, APathIsOneClick) {
  Click painted = at(5, 5);
  painted.path = {{9, 6}, {12, 7}};
  const auto marks = marks_of(std::vector<Step>{{.clicks = {at(1, 1), painted}}});
  ASSERT_EQ(marks.size(), 2U);
  EXPECT_EQ(marks[1].kind, Kind::path);
  EXPECT_EQ(marks[1].in_step, 1U);
  EXPECT_EQ(marks[1].clicks, 1U);
}

TEST(Marks, APathMovesAsAWholeAndStopsAtThePicturesBorder) {
  Click painted = at(5.5, 5.5);
  painted.path = {{9.5, 3.5}, {12.5, 7.5}};
  const Click there = moved(painted, 3, -2, 100, 50);
  EXPECT_EQ(there.x, 8.5);
  EXPECT_EQ(there.y, 3.5);
  EXPECT_EQ(there.path.back(), (Place{15.5, 5.5}));
  const Click stopped = moved(painted, 500, -500, 100, 50);
  EXPECT_EQ(stopped.path.back(), (Place{99.5, 4.5}));
  EXPECT_EQ(stopped.path.front().y, 0.5);
}

TEST(Marks, AStrokeMovesAsAWholeAndStopsAtThePicturesBorder) {
  const Step stroke{.clicks = {at(5.5, 5.5), at(15.5, 8.5)}, .is_stroke = true};
  const Step there = moved(stroke, 3, -2, 100, 50);
  EXPECT_EQ(there.clicks[0], at(8.5, 3.5));
  EXPECT_EQ(there.clicks[1], at(18.5, 6.5));
  EXPECT_TRUE(there.is_stroke);
  const Step stopped = moved(stroke, 500, -500, 100, 50);
  EXPECT_EQ(stopped.clicks[0], at(89.5, 0.5));
  EXPECT_EQ(stopped.clicks[1], at(99.5, 3.5));
}

TEST(Marks, ABoxMovesUpToTheBorderAndKeepsItsSize) {
  const Step box{.clicks = {}, .box = Box{10, 10, 40, 30}};
  EXPECT_EQ(moved(box, 5, 6, 100, 50).box, (Box{15, 16, 45, 36}));
  EXPECT_EQ(moved(box, 500, -500, 100, 50).box, (Box{70, 0, 100, 20}));
}

}  // namespace
}  // namespace gbrs::plugin
