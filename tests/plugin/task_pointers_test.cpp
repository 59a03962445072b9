// SPDX-License-Identifier: GPL-3.0-or-later
// What the pointer means to each task.
#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "tools/depth/depth_pointer.hpp"
#include "tools/matte/matte_pointer.hpp"
#include "tools/segment/segment_pointer.hpp"
#include "tools/semantic/semantic_pointer.hpp"

namespace gbrs::plugin {
namespace {

TEST(SegmentPointer, TheButtonsIncludeAndExclude) {
  SegmentPointer pointer;
  const auto include = pointer.click({}, {3, 4}, 5, true);
  EXPECT_EQ(include, (Click{.x = 3, .y = 4, .radius = 5, .target = kInclude}));
  const auto exclude = pointer.click({}, {3, 4}, std::nullopt, false);
  EXPECT_EQ(exclude->target, kExclude);
  EXPECT_EQ(pointer.flipped(*include)->target, kExclude);
  EXPECT_NE(pointer.look(*include).sign, pointer.look(*exclude).sign);
  EXPECT_EQ(pointer.stroke({}, std::vector<Point>{{1, 1}, {2, 2}, {3, 3}}, 2, false).size(), 3U);
}

TEST(DepthPointer, TheRightButtonRepeatsTheLastDepth) {
  DepthPointer pointer;
  pointer.set_unit("m");
  EXPECT_FALSE(pointer.click({}, {3, 4}, {}, false))
      << "without one it proposes what the answer has, too: there is none";
  pointer.set_last(2.4);
  const auto click = pointer.click({}, {3, 4}, 7, false);
  ASSERT_TRUE(click);
  EXPECT_EQ(*click, (Click{.x = 3, .y = 4, .radius = 7, .target = 2.4}));
  EXPECT_EQ(pointer.look(*click).text, "2.40 m");
  EXPECT_FALSE(pointer.flipped(*click));
  EXPECT_FALSE(pointer.click({}, {3, 4}, {}, true)) << "the left one proposes what the answer has: there is none";
}

TEST(DepthPointer, TheWheelChangesADepthAndNothingElse) {
  const DepthPointer pointer;
  const Click at{.x = 1, .y = 1, .target = 2};
  EXPECT_DOUBLE_EQ(*pointer.turned(at, 1), 2.1);
  EXPECT_DOUBLE_EQ(*pointer.turned(at, -1), 1.9);
  EXPECT_DOUBLE_EQ(*pointer.turned({.target = 0.01}, -5), 0.01) << "a depth stays above 0";
  EXPECT_DOUBLE_EQ(*pointer.turned({.target = 0.05}, 1), 0.06) << "at least a hundredth";
  EXPECT_FALSE(pointer.turned({.target = kLower, .mode = ClickMode::push}, 1));
  EXPECT_FALSE(pointer.turned({.target = 0, .same_as = Place{1, 2}}, 1));
}

TEST(DepthPointer, PushesAreOpposites) {
  DepthPointer pointer;
  pointer.set_mode(DepthMode::push);
  const auto nearer = pointer.click({}, {3, 4}, {}, true);
  ASSERT_TRUE(nearer);
  EXPECT_EQ(nearer->mode, ClickMode::push);
  EXPECT_EQ(nearer->target, kLower);
  EXPECT_EQ(pointer.flipped(*nearer), pointer.click({}, {3, 4}, {}, false));
  EXPECT_TRUE(is_opposite(pointer.look(*nearer).sign, false));
  EXPECT_FALSE(pointer.takes_pairs());
  pointer.set_mode(DepthMode::pair);
  EXPECT_TRUE(pointer.takes_pairs());
}

TEST(MattePointer, TheLeftButtonSaysTheNumberTheRightOneNothing) {
  MattePointer pointer;
  EXPECT_EQ(pointer.click({}, {3, 4}, 5, true), (Click{.x = 3, .y = 4, .radius = 5, .target = 1}));
  pointer.set_alpha(0.3);
  const auto click = pointer.click({}, {3, 4}, {}, true);
  EXPECT_EQ(click, (Click{.x = 3, .y = 4, .target = 0.3}));
  EXPECT_EQ(pointer.look(*click).text, "0.30");
  EXPECT_EQ(pointer.meant_look(true).text, "0.30");
  EXPECT_EQ(pointer.meant_look(false).text, "0.00");
  EXPECT_EQ(pointer.click({}, {3, 4}, {}, false)->target, 0);
  EXPECT_DOUBLE_EQ(pointer.flipped(*click)->target, 0.7);
}

TEST(MattePointer, TheWheelStaysWithinNothingAndAll) {
  const MattePointer pointer;
  EXPECT_DOUBLE_EQ(*pointer.turned({.target = 0.3}, 1), 0.35);
  EXPECT_DOUBLE_EQ(*pointer.turned({.target = 0.3}, -2), 0.2);
  EXPECT_DOUBLE_EQ(*pointer.turned({.target = 0.98}, 1), 1);
  EXPECT_DOUBLE_EQ(*pointer.turned({.target = 0.02}, -1), 0);
  EXPECT_FALSE(pointer.turned({.target = 1, .mode = ClickMode::push}, 1));
  EXPECT_FALSE(pointer.turned({.target = 0, .same_as = Place{1, 2}}, 1));
  EXPECT_FALSE(pointer.flipped({.target = 0, .same_as = Place{1, 2}}));
}

TEST(MattePointer, PushesAreOpposites) {
  MattePointer pointer;
  pointer.set_mode(MatteMode::push);
  const auto more = pointer.click({}, {3, 4}, {}, true);
  ASSERT_TRUE(more);
  EXPECT_EQ(more->mode, ClickMode::push);
  EXPECT_EQ(more->target, kRaise);
  EXPECT_EQ(pointer.flipped(*more), pointer.click({}, {3, 4}, {}, false));
  EXPECT_EQ(pointer.look(*more), pointer.meant_look(true));
  EXPECT_TRUE(is_opposite(pointer.look(*more).sign, false));
  EXPECT_FALSE(pointer.takes_pairs());
  pointer.set_mode(MatteMode::pair);
  EXPECT_TRUE(pointer.takes_pairs());
}

TEST(MattePointer, OnlyTheBrushsModesPaint) {
  MattePointer pointer;
  for (const MatteMode mode : {MatteMode::value, MatteMode::pair, MatteMode::push}) {
    pointer.set_mode(mode);
    EXPECT_FALSE(is_painting(mode));
    EXPECT_FALSE(pointer.paints(true));
  }
  pointer.set_mode(MatteMode::keep);
  EXPECT_EQ(pointer.paints(true), Known::keep);
  EXPECT_EQ(pointer.paints(false), Known::drop);
  pointer.set_mode(MatteMode::drop);
  EXPECT_EQ(pointer.paints(true), Known::drop);
  EXPECT_EQ(pointer.paints(false), Known::keep);
  pointer.set_mode(MatteMode::unknown);
  EXPECT_TRUE(is_painting(pointer.mode()));
  EXPECT_EQ(pointer.paints(true), Known::unknown);
  EXPECT_NE(pointer.meant_look(true).colour, kIncludeColour);
}

TEST(SemanticPointer, AStrokeIsOneClickOfThePickedKind) {
  SemanticPointer pointer([](int) {});
  pointer.set_picked(8);
  const auto painted = pointer.stroke({}, std::vector<Point>{{1, 1}, {4, 2}, {8, 2}}, 3, true);
  ASSERT_EQ(painted.size(), 1U);
  EXPECT_EQ(painted.front(),
            (Click{.x = 1, .y = 1, .radius = 3, .target = 8, .mode = ClickMode::stroke, .path = {{4, 2}, {8, 2}}}));
}

TEST(SemanticPointer, FlippedIsOfThePickedKind) {
  SemanticPointer pointer([](int) {});
  ModelInfo model;
  model.classes = {"background", "bird", "cat"};
  pointer.set_model(model);
  pointer.set_picked(2);
  const Click bird{.x = 1, .y = 1, .target = 1};
  ASSERT_TRUE(pointer.flipped(bird));
  EXPECT_EQ(pointer.flipped(bird)->target, 2);
  EXPECT_FALSE(pointer.flipped(*pointer.flipped(bird)));
  EXPECT_EQ(pointer.words(bird), "bird");
  EXPECT_NE(pointer.look(bird).colour, pointer.meant_look(true).colour);
}

}  // namespace
}  // namespace gbrs::plugin
