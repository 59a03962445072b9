// SPDX-License-Identifier: Apache-2.0
// Where the network looks: properties of zoomed frames over random answers and clicks, and how answers move along.

#include "session/zoom.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>

#include "session/resampling.hpp"

namespace gbrs {
namespace {

const InputSettings kSettings{.long_side = 449, .multiple = 16};

/// An answer in the whole picture's frame that selects [left, right) x [top, bottom), in image pixels.
FrameMap selecting(const Frame& frame, double left, double top, double right, double bottom) {
  FrameMap map{(frame.width + 1) / 2, (frame.height + 1) / 2, {}};
  for (int j = 0; j < map.height; ++j) {
    for (int i = 0; i < map.width; ++i) {
      const double x = frame.box.x + (2 * i + 0.5) / frame.scale_x(), y = frame.box.y + (2 * j + 0.5) / frame.scale_y();
      map.values.push_back(x >= left && x < right && y >= top && y < bottom ? 5.0F : -5.0F);
    }
  }
  return map;
}

struct Scene {
  int width = 2000, height = 1500;
  Frame before = Frame::whole(2000, 1500, kSettings);
  FrameMap answer = {};
  std::vector<Click> clicks = {};
  std::size_t first_new = 0;

  [[nodiscard]] Frame zoomed() const {
    return zoomed_frame({.before = before,
                         .answer = answer.values.empty() ? nullptr : &answer,
                         .clicks = clicks,
                         .first_new = first_new,
                         .image_width = width,
                         .image_height = height},
                        kSettings);
  }
};

TEST(Zoom, TheFirstClickSeesTheWholePicture) {
  const Scene scene{.clicks = {{.x = 100, .y = 100}}};
  EXPECT_EQ(scene.zoomed(), scene.before);
}

TEST(Zoom, AnAnswerThatTheFrameCutsOffIsLookedAtMoreWidely) {
  const Frame frame = Frame::of({800, 600, 400, 300}, kSettings);
  const auto wider = [&](double left, double top, double right, double bottom) {
    return wider_frame(selecting(frame, left, top, right, bottom), frame, 2000, 1500, kSettings);
  };
  EXPECT_FALSE(wider(900, 650, 1100, 850)) << "within the frame";
  EXPECT_FALSE(wider(900, 650, 1300, 658)) << "a hair at its edge";
  for (const auto& found : {wider(900, 650, 1300, 850), wider(700, 650, 1100, 850), wider(900, 500, 1100, 850),
                            wider(900, 650, 1100, 950)}) {
    ASSERT_TRUE(found);
    EXPECT_LE(found->box.x, 650);
    EXPECT_LE(found->box.y, 480);
    EXPECT_GE(found->box.x + found->box.width, 1350);
    EXPECT_GE(found->box.y + found->box.height, 1020);
  }
}

TEST(Zoom, WhereThePictureEndsNothingIsCutOff) {
  const Frame corner = Frame::of({0, 0, 400, 300}, kSettings);
  EXPECT_FALSE(wider_frame(selecting(corner, -10, -10, 200, 150), corner, 2000, 1500, kSettings));
  const Frame whole = Frame::whole(2000, 1500, kSettings);
  EXPECT_FALSE(wider_frame(selecting(whole, -10, -10, 2010, 1510), whole, 2000, 1500, kSettings));
}

TEST(Zoom, LookingMoreWidelyEndsAtTheWholePicture) {
  Frame frame = Frame::of({990, 740, 20, 20}, kSettings);
  int times = 0;
  while (const auto wider = wider_frame(selecting(frame, -10, -10, 2010, 1510), frame, 2000, 1500, kSettings)) {
    ASSERT_GT(wider->box.width, frame.box.width);
    frame = *wider;
    ASSERT_LT(++times, 10);
  }
  EXPECT_EQ(frame.box.width, 2000);
  EXPECT_EQ(frame.box.height, 1500);
}

TEST(Zoom, TheFirstClicksRadiusSaysWhereToLook) {
  const Scene scene{.clicks = {{.x = 500, .y = 400, .radius = 120}}};
  const Rectangle box = scene.zoomed().box;
  EXPECT_LE(box.x, 380);
  EXPECT_LE(box.y, 280);
  EXPECT_GE(box.x + box.width, 620);
  EXPECT_GE(box.y + box.height, 520);
  EXPECT_LT(box.width, 400);
}

TEST(Zoom, ASmallObjectFillsTheFrame) {
  Scene scene{.clicks = {{.x = 400, .y = 300}, {.x = 420, .y = 320}}, .first_new = 1};
  scene.answer = selecting(scene.before, 300, 250, 500, 350);
  const Frame frame = scene.zoomed();
  EXPECT_LE(frame.box.x, 290);
  EXPECT_GE(frame.box.x + frame.box.width, 510);
  EXPECT_LE(frame.box.y, 245);
  EXPECT_GE(frame.box.y + frame.box.height, 355);
  EXPECT_LE(frame.box.width, 320);
  EXPECT_EQ(std::max(frame.width, frame.height), 449);
}

TEST(Zoom, FramesAwayFromThePicturesEdgeHaveFewSizes) {
  const auto sizes = zoomed_frame_sizes(kSettings);
  EXPECT_EQ(sizes.size(), 7U);
  EXPECT_TRUE(rc::check([&] {
    const int width = *rc::gen::inRange(40, 700), height = *rc::gen::inRange(40, 700);
    Scene scene{.clicks = {{.x = 1000, .y = 750}, {.x = 1000, .y = 751}}, .first_new = 1};
    scene.answer =
        selecting(scene.before, 1000 - width / 2.0, 750 - height / 2.0, 1000 + width / 2.0, 750 + height / 2.0);
    const Frame frame = scene.zoomed();
    RC_PRE(frame != scene.before);
    RC_ASSERT(std::ranges::find(sizes, FrameSize{frame.width, frame.height}) != sizes.end());
    RC_ASSERT(frame.scale() < 3.05);  // larger pixels the network was not trained with
  }));
}

TEST(Zoom, TheFrameStaysWhileTheObjectBarelyChanges) {
  Scene scene{.clicks = {{.x = 400, .y = 300}, {.x = 420, .y = 320}}, .first_new = 1};
  scene.answer = selecting(scene.before, 300, 250, 500, 350);
  scene.before = scene.zoomed();
  scene.answer = selecting(scene.before, 310, 255, 495, 345);
  EXPECT_EQ(scene.zoomed(), scene.before);
}

TEST(Zoom, AClickOutsideTheFrameWidensIt) {
  Scene scene{.clicks = {{.x = 400, .y = 300}, {.x = 420, .y = 320}}, .first_new = 1};
  scene.answer = selecting(scene.before, 300, 250, 500, 350);
  scene.before = scene.zoomed();
  scene.answer = selecting(scene.before, 300, 250, 500, 350);
  for (const double target : {kInclude, kExclude}) {
    scene.clicks.back() = {.x = 900, .y = 700, .target = target};
    ASSERT_FALSE(scene.before.holds(scene.clicks.back()));
    const Frame wider = scene.zoomed();
    EXPECT_TRUE(wider.holds(scene.clicks[0]));
    EXPECT_TRUE(wider.holds(scene.clicks[1]));
  }
}

TEST(Zoom, SpecksDoNotHoldTheFrameBack) {
  Scene scene{.clicks = {{.x = 400, .y = 300}, {.x = 420, .y = 320}}, .first_new = 1};
  scene.answer = selecting(scene.before, 300, 250, 500, 350);
  scene.answer.values.back() = 5;
  EXPECT_LT(scene.zoomed().box.width, 400);
}

TEST(Zoom, WithoutAnObjectTheWholePictureIsSeenAgain) {
  Scene scene{.clicks = {{.x = 400, .y = 300}, {.x = 1800, .y = 1400, .target = kExclude}}, .first_new = 1};
  scene.before = Frame::of({300, 200, 300, 300}, kSettings);
  scene.answer = selecting(scene.before, 0, 0, 0, 0);
  EXPECT_EQ(scene.zoomed().box, (Rectangle{0, 0, 2000, 1500}));
}

TEST(Zoom, EveryFrameIsWithinThePictureAndHoldsWhatItMust) {
  EXPECT_TRUE(rc::check([] {
    const int width = *rc::gen::inRange(8, 4000), height = *rc::gen::inRange(8, 4000);
    const auto part = [](int size) { return *rc::gen::inRange(0, 1000) * 0.001 * size; };
    Scene scene{.width = width, .height = height, .before = Frame::whole(width, height, kSettings)};
    for (int step = 0; step < 4; ++step) {
      scene.first_new = scene.clicks.size();
      Click click{.x = part(width), .y = part(height), .target = *rc::gen::element(kInclude, kExclude)};
      if (*rc::gen::arbitrary<bool>()) click.radius = part(width);
      scene.clicks.push_back(click);
      const Frame frame = scene.zoomed();
      RC_ASSERT(frame.box.x >= 0 && frame.box.y >= 0);
      RC_ASSERT(frame.box.width >= 1 && frame.box.height >= 1);
      RC_ASSERT(frame.box.x + frame.box.width <= width && frame.box.y + frame.box.height <= height);
      RC_ASSERT(frame.width % 16 == 1 && frame.height % 16 == 1);
      RC_ASSERT(std::max(frame.width, frame.height) == 449);
      RC_ASSERT(frame.holds(click));
      for (const Click& old : scene.clicks) RC_ASSERT(old.target < 0 || frame.holds(old));
      scene.before = frame;
      const double x = part(width), y = part(height);
      scene.answer = selecting(frame, x, y, x + part(width), y + part(height));
    }
  }));
}

TEST(Zoom, AnswersMoveWithThePicture) {
  const Frame from = Frame::whole(2000, 1500, kSettings), to = Frame::of({200, 150, 400, 300}, kSettings);
  // a plane: bilinear resampling keeps it
  FrameMap plane{(from.width + 1) / 2, (from.height + 1) / 2, {}};
  const auto value = [&](const Frame& frame, double u, double v) {
    return 0.01 * (frame.box.x + (u + 0.5) / frame.scale_x()) - 0.02 * (frame.box.y + (v + 0.5) / frame.scale_y());
  };
  for (int j = 0; j < plane.height; ++j)
    for (int i = 0; i < plane.width; ++i) plane.values.push_back(static_cast<float>(value(from, 2 * i, 2 * j)));
  const FrameMap result = moved(plane, from, to);
  ASSERT_EQ(result.width, (to.width + 1) / 2);
  ASSERT_EQ(result.height, (to.height + 1) / 2);
  for (int j = 0; j < result.height; ++j)
    for (int i = 0; i < result.width; ++i)
      ASSERT_NEAR(result.values[static_cast<std::size_t>(j * result.width + i)], value(to, 2 * i, 2 * j), 1e-4);
}

TEST(Zoom, AnswersReachToTheSidesOfTheirFrame) {
  const Frame from = Frame::of({0, 0, 2000, 1500}, kSettings);
  const FrameMap all{225, 169, std::vector<float>(225 * 169, 2.0F)};
  for (const Rectangle box : {Rectangle{0, 0, 150, 150}, Rectangle{1850, 1350, 150, 150}, Rectangle{0, 700, 150, 90}})
    for (const float value : moved(all, from, Frame::of(box, kSettings)).values) ASSERT_FLOAT_EQ(value, 2);
}

TEST(Zoom, BeyondTheOldFrameIsBackground) {
  const Frame from = Frame::of({200, 150, 400, 300}, kSettings), to = Frame::whole(2000, 1500, kSettings);
  const FrameMap all = selecting(from, 0, 0, 2000, 1500);
  const FrameMap result = moved(all, from, to);
  const auto at = [&](double x, double y) {
    const auto i = static_cast<int>(std::lround(to.u(x) / 2)), j = static_cast<int>(std::lround(to.v(y) / 2));
    return result.values[static_cast<std::size_t>(j * result.width + i)];
  };
  EXPECT_EQ(at(100, 100), kOutside);
  EXPECT_EQ(at(1500, 1000), kOutside);
  EXPECT_NEAR(at(400, 300), 5, 1e-4);
}

}  // namespace
}  // namespace gbrs
