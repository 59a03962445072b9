// SPDX-License-Identifier: GPL-3.0-or-later
#include "canvas/view_transform.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <rapidcheck/gtest.h>

namespace gbrs::plugin {
namespace {

ViewTransform view_of(int image_width, int image_height, int canvas_width, int canvas_height) {
  ViewTransform view(image_width, image_height);
  view.resize(canvas_width, canvas_height);
  return view;
}

TEST(ViewTransform, ALargePictureIsFittedWhole) {
  const ViewTransform view = view_of(4000, 3000, 800, 700);
  EXPECT_DOUBLE_EQ(view.scale(), 0.2);
  EXPECT_EQ(view.visible(), (Rectangle{0, 0, 800, 600}));
  EXPECT_EQ(view.origin_y(), -50);  // in the middle
}

TEST(ViewTransform, ATinyPictureIsEnlargedAtMostFourTimes) {
  EXPECT_DOUBLE_EQ(view_of(10, 10, 800, 700).scale(), 4.0);
}

TEST(ViewTransform, AFittedViewStaysFittedWhenTheCanvasGrows) {
  ViewTransform view = view_of(1000, 1000, 500, 500);
  view.resize(250, 900);
  EXPECT_TRUE(view.is_fitted());
  EXPECT_DOUBLE_EQ(view.scale(), 0.25);
}

TEST(ViewTransform, AZoomedViewKeepsItsMiddleWhenTheCanvasGrows) {
  ViewTransform view = view_of(1000, 1000, 500, 500);
  view.actual_size();
  const Point before = view.to_image({250, 250});
  view.resize(600, 400);
  const Point after = view.to_image({300, 200});
  EXPECT_NEAR(before.x, after.x, 1.0);
  EXPECT_NEAR(before.y, after.y, 1.0);
}

TEST(ViewTransform, ZoomKeepsWhatIsUnderThePointer) {
  ViewTransform view = view_of(2000, 2000, 500, 500);
  view.actual_size();
  const Point pointer{123, 321};
  const Point before = view.to_image(pointer);
  view.zoom(2.0, pointer);
  const Point after = view.to_image(pointer);
  EXPECT_NEAR(before.x, after.x, 0.5);  // the origin is whole
  EXPECT_NEAR(before.y, after.y, 0.5);
  EXPECT_FALSE(view.is_fitted());
}

TEST(ViewTransform, ScaleStaysInItsRange) {
  ViewTransform view = view_of(300, 200, 600, 400);
  view.zoom(1e9);
  EXPECT_DOUBLE_EQ(view.scale(), 64.0);
  view.zoom(1e-9);
  EXPECT_DOUBLE_EQ(view.scale(), 1.0);
}

TEST(ViewTransform, PanningStopsAtThePicturesEdges) {
  ViewTransform view = view_of(1000, 1000, 500, 500);
  view.actual_size();
  view.pan(1e6, -1e6);
  EXPECT_EQ(view.visible(), (Rectangle{0, 500, 500, 500}));
}

TEST(ViewTransform, RevealPansOnlyAsFarAsNeeded) {
  ViewTransform view = view_of(1000, 1000, 500, 500);
  view.actual_size();
  const int before = view.origin_x();
  view.reveal(view.to_image({250, 250}));
  EXPECT_EQ(view.origin_x(), before);
  view.reveal({999.5, 999.5});
  const Point place = view.to_canvas({999.5, 999.5});
  EXPECT_LT(place.x, 500);
  EXPECT_LT(place.y, 500);
}

TEST(ViewTransform, TheLastPixelBelongsToThePictureItsEdgeDoesNot) {
  const ViewTransform view = view_of(30, 20, 600, 400);
  EXPECT_TRUE(view.contains({29.99, 19.99}));
  EXPECT_FALSE(view.contains({30.0, 5.0}));
  EXPECT_FALSE(view.contains({-0.01, 5.0}));
}

TEST(ViewTransform, AnEmptyCanvasIsHarmless) {
  ViewTransform view(100, 100);
  view.resize(0, 0);
  view.zoom(3.0);
  EXPECT_GT(view.scale(), 0);
  EXPECT_GE(view.visible().width, 0);
}

// Any sequence of what a user can do.
ViewTransform wandering_view() {
  ViewTransform view = view_of(*rc::gen::inRange(1, 40000), *rc::gen::inRange(1, 40000), *rc::gen::inRange(1, 3000),
                               *rc::gen::inRange(1, 3000));
  const int steps = *rc::gen::inRange(0, 12);
  for (int i = 0; i < steps; ++i) {
    const double x = *rc::gen::inRange(-500, 3500);
    const double y = *rc::gen::inRange(-500, 3500);
    switch (*rc::gen::inRange(0, 5)) {
      case 0:
        view.zoom(std::exp2(*rc::gen::inRange(-30, 30) / 10.0), {x, y});
        break;
      case 1:
        view.pan(x, -y);
        break;
      case 2:
        view.resize(static_cast<int>(x) + 501, static_cast<int>(y) + 501);
        break;
      case 3:
        view.actual_size();
        break;
      default:
        view.reveal(view.to_image({x, y}));
        break;
    }
  }
  return view;
}

RC_GTEST_PROP(ViewTransformProperty, CanvasToImageAndBackIsTheIdentity, ()) {
  const ViewTransform view = wandering_view();
  const Point canvas{*rc::gen::inRange(0, 3000) + 0.25, *rc::gen::inRange(0, 3000) + 0.75};
  const Point back = view.to_canvas(view.to_image(canvas));
  RC_ASSERT(std::abs(back.x - canvas.x) < 1e-6);
  RC_ASSERT(std::abs(back.y - canvas.y) < 1e-6);
}

RC_GTEST_PROP(ViewTransformProperty, WhatIsVisibleLiesOnTheCanvas, ()) {
  const ViewTransform view = wandering_view();
  const Rectangle visible = view.visible();
  RC_ASSERT(visible.width > 0 && visible.height > 0);
  RC_ASSERT(visible.x >= 0 && visible.y >= 0);
  RC_ASSERT(visible.x - view.origin_x() >= 0);
  RC_ASSERT(visible.x - view.origin_x() + visible.width <= view.canvas_width());
  RC_ASSERT(visible.y - view.origin_y() + visible.height <= view.canvas_height());
}

}  // namespace
}  // namespace gbrs::plugin
