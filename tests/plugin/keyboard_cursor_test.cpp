// SPDX-License-Identifier: GPL-3.0-or-later
#include "canvas/keyboard_cursor.hpp"

#include <gtest/gtest.h>

namespace gbrs::plugin {
namespace {

// A picture of 100 x 60 on a canvas twice as large.
class Cursor : public testing::Test {
 protected:
  Cursor() { view.resize(200, 120); }
  void move(int dx, int dy, bool is_fine = true) { cursor.move(dx, dy, is_fine, view, 1); }
  void expect_at(double x, double y) {
    ASSERT_TRUE(cursor.place());
    EXPECT_EQ(cursor.place()->x, x);
    EXPECT_EQ(cursor.place()->y, y);
  }
  ViewTransform view{100, 60};
  KeyboardCursor cursor;
};

TEST_F(Cursor, AppearsInTheMiddleOfAPixelInTheMiddle) {
  EXPECT_FALSE(cursor.place());
  move(1, 0);
  expect_at(50.5, 30.5);
  cursor.hide();
  EXPECT_FALSE(cursor.place());
}

TEST_F(Cursor, MovesByOnePixelOrByTwelveOfTheScreen) {
  move(0, 0);
  move(1, 0);
  move(0, -1);
  expect_at(51.5, 29.5);
  move(-1, 0, false);  // 12 of the screen are 6 of the picture
  expect_at(45.5, 29.5);
}

TEST_F(Cursor, StaysOnThePicture) {
  for (int i = 0; i < 200; ++i) move(-1, 1);
  expect_at(0.5, 59.5);
}

}  // namespace
}  // namespace gbrs::plugin
