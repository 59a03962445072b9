// SPDX-License-Identifier: GPL-3.0-or-later
#include "canvas/gesture.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <variant>

namespace gbrs::plugin {
namespace {

using Button = Gesture::Button;
using Part = MarkerHit::Part;

// A picture of 100 x 100 on a canvas of 200 x 200: one image pixel is two of the canvas.
class Gestures : public testing::Test {
 protected:
  Gestures() { view.resize(200, 200); }

  bool press(Point canvas, Button button = Button::primary, bool has_control = false) {
    return gesture.press({.canvas = canvas,
                          .button = button,
                          .has_control = has_control,
                          .has_space = false,
                          .hit = {},
                          .marker = {},
                          .threshold = 4},
                         view);
  }
  bool press_marker(Point canvas, Part part, Button button = Button::primary) {
    return gesture.press({.canvas = canvas,
                          .button = button,
                          .has_control = false,
                          .has_space = false,
                          .hit = {part, 3},
                          .marker = marker,
                          .threshold = 4},
                         view);
  }
  bool press_with(const Gesture::Press& press) { return gesture.press(press, view); }
  void move(Point canvas) { gesture.move(canvas, view); }

  template <class Meaning>
  Meaning released(Button button = Button::primary) {
    const Intention meant = gesture.release(button);
    EXPECT_TRUE(std::holds_alternative<Meaning>(meant)) << "alternative " << meant.index();
    return std::holds_alternative<Meaning>(meant) ? std::get<Meaning>(meant) : Meaning{};
  }

  ViewTransform view{100, 100};
  Gesture gesture;
  Marker marker{.image = {50, 50}, .radius = 20};  // number 3, where one is hit
};

TEST_F(Gestures, ShiftAndDragIsABoxOnWholePixels) {
  ASSERT_TRUE(press_with({.canvas = {20, 40}, .has_shift = true}));
  move({101, 139});
  const Box between{10, 20, 51, 70};  // 50.5 and 69.5 rounded
  EXPECT_EQ(std::get<AddBox>(gesture.preview()).box, between) << "it is to be seen while it grows";
  EXPECT_EQ(released<AddBox>().box, between);
}

TEST_F(Gestures, ABoxMayBeDrawnFromAnyCornerAndEndsAtThePicturesBorders) {
  ASSERT_TRUE(press_with({.canvas = {150, 100}, .has_shift = true}));
  move({-40, -40});
  EXPECT_EQ(released<AddBox>().box, (Box{0, 0, 75, 50}));
}

TEST_F(Gestures, ShiftWithoutADragMeansNothing) {
  ASSERT_TRUE(press_with({.canvas = {20, 40}, .has_shift = true}));
  move({22, 41});
  released<std::monostate>();
}

TEST_F(Gestures, ASideOfABoxIsMovedAndItsOppositeStays) {
  const Marker box{.image = {10, 10}, .box = Box{10, 10, 40, 50}};
  const auto dragged = [&](const Sides& sides, Point from, Point to) {
    press_with({.canvas = from, .hit = {Part::sides, 3, sides}, .marker = box});
    move(to);
    const auto set = released<SetBox>();
    EXPECT_EQ(set.click, 3U);
    return set.box;
  };
  EXPECT_EQ(dragged({.right = true}, {80, 60}, {120, 90}), (Box{10, 10, 60, 50}));
  EXPECT_EQ(dragged({.left = true, .bottom = true}, {20, 100}, {40, 140}), (Box{20, 10, 40, 70}));
  EXPECT_EQ(dragged({.top = true}, {50, 20}, {50, 190}), (Box{10, 49, 40, 50})) << "a pixel is left of it";
}

TEST_F(Gestures, ASideIsNoObstacleToAClick) {
  const Marker box{.image = {10, 10}, .box = Box{10, 10, 40, 50}};
  press_with({.canvas = {80, 60}, .hit = {Part::sides, 3, {.right = true}}, .marker = box});
  EXPECT_EQ(released<AddClick>().image.x, 40);
}

TEST_F(Gestures, ABrushPaintsAStrokeWhateverLiesBelow) {
  press_with({.canvas = {20, 20}, .brush = 5, .hit = {Part::centre, 3}, .marker = marker});
  for (int x = 22; x <= 60; x += 2) move({static_cast<double>(x), 20});
  const auto stroke = released<AddStroke>();
  EXPECT_TRUE(stroke.is_primary);
  EXPECT_EQ(stroke.radius, 5);
  ASSERT_EQ(stroke.places.size(), 5U);  // 20 image pixels in gaps of 5
  EXPECT_EQ(stroke.way.front().x, stroke.places.front().x);
  EXPECT_EQ(stroke.way.back().x, stroke.places.back().x);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_NEAR(stroke.places[i].x, 10 + 5 * static_cast<double>(i), 1e-9);
}

TEST_F(Gestures, ABrushThatDoesNotMoveIsAClickOfItsSize) {
  press_with({.canvas = {20, 20}, .brush = 5});
  EXPECT_EQ(released<AddClick>().radius, 5);
}

TEST_F(Gestures, TheBrushExcludesWithTheRightButtonAndStaysInThePicture) {
  press_with({.canvas = {20, 20}, .button = Button::secondary, .brush = 5});
  move({-300, 20});
  const auto stroke = released<AddStroke>(Button::secondary);
  EXPECT_FALSE(stroke.is_primary);
  EXPECT_EQ(stroke.places.back().x, 0.5);
}

TEST_F(Gestures, WithABrushShiftStillMakesABoxAndTheMiddleButtonPans) {
  press_with({.canvas = {20, 20}, .has_shift = true, .brush = 5});
  move({80, 80});
  released<AddBox>();
  press_with({.canvas = {20, 20}, .button = Button::middle, .brush = 5});
  EXPECT_TRUE(gesture.is_panning());
}

TEST_F(Gestures, AClickHasNoRadius) {
  ASSERT_TRUE(press({60, 80}));
  const auto add = released<AddClick>();
  EXPECT_EQ(add.image.x, 30);
  EXPECT_EQ(add.image.y, 40);
  EXPECT_FALSE(add.radius);
  EXPECT_TRUE(add.is_primary);
}

TEST_F(Gestures, AnUnsteadyHandStillClicks) {
  press({60, 80});
  move({62, 82});
  EXPECT_FALSE(released<AddClick>().radius);
}

TEST_F(Gestures, ADragGivesTheRadiusInImagePixelsAndKeepsThePlace) {
  press({60, 80});
  move({60 + 30, 80 + 40});  // 50 of the canvas
  const auto add = released<AddClick>();
  EXPECT_EQ(add.image.x, 30);
  EXPECT_EQ(add.image.y, 40);
  EXPECT_EQ(add.radius, 25);
}

TEST_F(Gestures, TheRadiusGrowsLive) {
  press({60, 80});
  for (const double radius : {5.0, 12.0, 8.0}) {
    move({60 + 2 * radius, 80});
    EXPECT_EQ(std::get<AddClick>(gesture.preview()).radius, radius);
  }
}

TEST_F(Gestures, TheRadiusReachesBeyondThePicture) {
  press({100, 100});
  move({400, 100});
  EXPECT_EQ(released<AddClick>().radius, 150);
}

TEST_F(Gestures, BackAtTheStartItIsAPlainClickAgain) {
  press({60, 80});
  move({100, 80});
  move({61, 80});
  EXPECT_FALSE(released<AddClick>().radius);
}

TEST_F(Gestures, TheRightButtonExcludesAlsoWhenDragged) {
  press({60, 80}, Button::secondary);
  EXPECT_FALSE(released<AddClick>(Button::secondary).is_primary);
  press({60, 80}, Button::secondary);
  move({80, 80});
  const auto add = released<AddClick>(Button::secondary);
  EXPECT_FALSE(add.is_primary);
  EXPECT_EQ(add.radius, 10);
}

TEST_F(Gestures, ControlExcludesToo) {
  press({60, 80}, Button::primary, true);
  move({80, 80});
  EXPECT_FALSE(released<AddClick>().is_primary);
}

TEST_F(Gestures, AnAbandonedDragMeansNothing) {
  press({60, 80});
  move({100, 80});
  EXPECT_TRUE(gesture.abandon());
  EXPECT_TRUE(std::holds_alternative<std::monostate>(gesture.preview()));
  EXPECT_TRUE(std::holds_alternative<std::monostate>(gesture.release(Button::primary)));
  EXPECT_FALSE(gesture.abandon());
}

TEST_F(Gestures, BesideThePictureNothingBegins) {
  EXPECT_FALSE(press({-5, 10}));
  EXPECT_FALSE(gesture.is_active());
}

TEST_F(Gestures, ASecondButtonDoesNotDisturbTheFirst) {
  press({60, 80});
  EXPECT_FALSE(press({70, 80}, Button::secondary));
  EXPECT_TRUE(std::holds_alternative<std::monostate>(gesture.release(Button::secondary)));
  EXPECT_TRUE(released<AddClick>().is_primary);
}

TEST_F(Gestures, AZoomDuringADragKeepsTheCentreOfTheCircle) {
  press({60, 80});
  move({100, 80});
  view.zoom(2, {100, 80});
  move({100, 80});
  const auto add = released<AddClick>();
  EXPECT_EQ(add.image.x, 30);
  EXPECT_EQ(add.image.y, 40);
  EXPECT_EQ(add.radius, 20);
}

TEST_F(Gestures, AMarkerIsChosenByAClickAndMovedByADrag) {
  press_marker({100, 100}, Part::centre);
  EXPECT_EQ(released<ChooseClick>().click, 3U);
  press_marker({100, 100}, Part::centre);
  move({120, 90});
  const auto moved = released<MoveClick>();
  EXPECT_EQ(moved.click, 3U);
  EXPECT_EQ(moved.image.x, 60);
  EXPECT_EQ(moved.image.y, 45);
}

TEST_F(Gestures, AMarkerCannotLeaveThePicture) {
  press_marker({100, 100}, Part::centre);
  move({100, 900});
  const auto moved = released<MoveClick>();
  EXPECT_EQ(moved.image.x, 50);
  EXPECT_EQ(moved.image.y, 99.5);
}

TEST_F(Gestures, TheRimFollowsThePointerFromWhereItWasTaken) {
  press_marker({100 + 42, 100}, Part::rim);  // a pixel beside the rim
  move({100 + 62, 100});
  EXPECT_EQ(std::get<SetRadius>(gesture.preview()).radius, 30);
  move({100, 100 - 32});
  const auto set = released<SetRadius>();
  EXPECT_EQ(set.click, 3U);
  EXPECT_EQ(set.radius, 15);
}

TEST_F(Gestures, ARadiusIsAtLeastOnePixel) {
  press_marker({140, 100}, Part::rim);
  move({100, 100});
  EXPECT_EQ(released<SetRadius>().radius, 1);
}

TEST_F(Gestures, AClickOnARimIsAClickOnThePicture) {
  press_marker({140, 100}, Part::rim);
  EXPECT_EQ(released<AddClick>().image.x, 70);
}

TEST_F(Gestures, ADoubleClickOnAMarkerFlipsIt) {
  press_marker({100, 100}, Part::centre);
  released<ChooseClick>();
  press_marker({100, 100}, Part::centre);
  const Intention meant = gesture.press_twice();
  ASSERT_TRUE(std::holds_alternative<FlipClick>(meant));
  EXPECT_EQ(std::get<FlipClick>(meant).click, 3U);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(gesture.release(Button::primary)));
}

TEST_F(Gestures, ADoubleClickOnThePictureDoesNotFlipWhatItsFirstHalfPlaced) {
  press({100, 100});
  released<AddClick>();
  press_marker({100, 100}, Part::centre);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(gesture.press_twice()));
  released<ChooseClick>();
}

TEST_F(Gestures, TheRightButtonOnAnIncludingMarkerFlipsItOnAnExcludingOneChoosesIt) {
  press_marker({100, 100}, Part::centre, Button::secondary);
  EXPECT_EQ(released<FlipClick>(Button::secondary).click, 3U);
  marker.look = kExcludeLook;
  press_marker({100, 100}, Part::centre, Button::secondary);
  EXPECT_EQ(released<ChooseClick>(Button::secondary).click, 3U);
}

TEST_F(Gestures, TheMiddleButtonAndSpacePan) {
  press({60, 80}, Button::middle);
  EXPECT_TRUE(gesture.is_panning());
  const auto pan = std::get<Pan>(gesture.move({70, 75}, view));
  EXPECT_EQ(pan.dx, 10);
  EXPECT_EQ(pan.dy, -5);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(gesture.release(Button::middle)));
  gesture.press({.canvas = {60, 80},
                 .button = Button::primary,
                 .has_control = false,
                 .has_space = true,
                 .hit = {},
                 .marker = {},
                 .threshold = 4},
                view);
  EXPECT_TRUE(gesture.is_panning());
}

}  // namespace
}  // namespace gbrs::plugin
