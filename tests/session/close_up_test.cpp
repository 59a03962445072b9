// SPDX-License-Identifier: Apache-2.0
// Closer looks around a click: where they look, and what is seen of them on top of the object's answer.

#include "session/close_up.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "session/resampling.hpp"

namespace gbrs {
namespace {

const InputSettings kSettings{.long_side = 449, .multiple = 16};
const cv::Size kPicture{2000, 1500};
const Frame kWhole = Frame::whole(kPicture.width, kPicture.height, kSettings);

FrameMap constant(const Frame& frame, float value) {
  const int width = (frame.width + 1) / 2, height = (frame.height + 1) / 2;
  return {width, height, std::vector<float>(static_cast<std::size_t>(width * height), value)};
}

float at(const FrameMap& map, double across, double down) {
  const int x = static_cast<int>(across * (map.width - 1)), y = static_cast<int>(down * (map.height - 1));
  return map.values[static_cast<std::size_t>(y * map.width + x)];
}

/// The object's answer excluded the part when the close-up included it.
std::shared_ptr<const CloseUp> including(Rectangle box) {
  const Frame frame = Frame::of(box, kSettings);
  return std::make_shared<const CloseUp>(CloseUp{frame, constant(frame, 5), constant(frame, -5)});
}

FrameMap seen_in(const Frame& frame, const FrameMap& object, const CloseUps& close_ups) {
  return joined({kWhole, object, close_ups}, frame);
}

TEST(CloseUp, AClickThatReachesFarIsSeenWellEnough) {
  EXPECT_FALSE(close_up_frame(kWhole, {.x = 1000, .y = 750}, 700, kSettings));
  const auto near = close_up_frame(kWhole, {.x = 1000, .y = 750}, 100, kSettings);
  ASSERT_TRUE(near);
  EXPECT_EQ(near->box, (Rectangle{850, 600, 300, 300}));
  EXPECT_EQ(near->width, 449);
}

TEST(CloseUp, ItsFrameHoldsTheClickLiesWithinThatOfTheObjectAndEnlargesLittle) {
  EXPECT_TRUE(rc::check([] {
    const auto number = [](int low, int high) { return *rc::gen::inRange(low, high); };
    const Frame frame = Frame::of({number(0, 500), number(0, 400), number(40, 1500), number(40, 1000)}, kSettings);
    const Click click{.x = number(frame.box.x, frame.box.x + frame.box.width) + 0.5,
                      .y = number(frame.box.y, frame.box.y + frame.box.height) + 0.5};
    const auto near = close_up_frame(frame, click, number(0, 400), kSettings);
    if (!near) return;
    RC_ASSERT(near->holds(click));
    RC_ASSERT(near->box.x >= frame.box.x && near->box.x + near->box.width <= frame.box.x + frame.box.width);
    RC_ASSERT(near->box.y >= frame.box.y && near->box.y + near->box.height <= frame.box.y + frame.box.height);
    RC_ASSERT(std::max(near->scale_x(), near->scale_y()) < 3.1 ||
              std::min(frame.box.width, frame.box.height) < 449 / 3);
    RC_ASSERT(std::max(near->box.width, near->box.height) < std::max(frame.box.width, frame.box.height));
  }));
}

TEST(CloseUp, LiesOnTopAndFadesTowardsItsSides) {
  const Rectangle box{800, 600, 300, 300};
  const FrameMap object = constant(kWhole, -5);
  const FrameMap seen = seen_in(Frame::of(box, kSettings), object, {including(box)});
  EXPECT_FLOAT_EQ(at(seen, 0.5, 0.5), 5);
  EXPECT_FLOAT_EQ(at(seen, 0.15, 0.8), 5);
  EXPECT_FLOAT_EQ(at(seen, 0, 0.5), -5);
  EXPECT_FLOAT_EQ(at(seen, 0.5, 1), -5);
  EXPECT_NEAR(at(seen, 0.06, 0.5), 0, 0.5) << "half way";
  const FrameMap from_afar = seen_in(kWhole, object, {including(box)});
  EXPECT_FLOAT_EQ(at(from_afar, 950.0 / 2000, 750.0 / 1500), 5);
  EXPECT_FLOAT_EQ(at(from_afar, 0.1, 0.1), -5);
}

TEST(CloseUp, NeedsNoGridAsFineAsTheObjects) {
  const Frame frame = Frame::of({800, 600, 300, 300}, kSettings);
  const auto one = std::make_shared<const CloseUp>(CloseUp{.frame = frame,
                                                           .answer = {40, 56, std::vector<float>(40 * 56, 5)},
                                                           .object = {40, 56, std::vector<float>(40 * 56, -5)}});
  const FrameMap seen = seen_in(frame, constant(kWhole, -5), {one});
  EXPECT_FLOAT_EQ(at(seen, 0.5, 0.5), 5);
  EXPECT_FLOAT_EQ(at(seen, 0.2, 0.8), 5);
  EXPECT_FLOAT_EQ(at(seen, 0.5, 1), -5);
}

TEST(CloseUp, DoesNotFadeWhereThePictureEnds) {
  const Rectangle box{0, 600, 300, 300};
  const FrameMap seen = seen_in(Frame::of(box, kSettings), constant(kWhole, -5), {including(box)});
  EXPECT_FLOAT_EQ(at(seen, 0, 0.5), 5);
  EXPECT_FLOAT_EQ(at(seen, 1, 0.5), -5);
}

TEST(CloseUp, DoesNotFadeWhereTheFrameEndsThatItLiesOn) {
  const Frame object = Frame::of({800, 300, 900, 900}, kSettings);
  const CloseUps one{including({800, 600, 300, 300})};
  const FrameMap seen = joined({object, constant(object, -5), one}, one[0]->frame);
  EXPECT_FLOAT_EQ(at(seen, 0, 0.5), 5);
  EXPECT_FLOAT_EQ(at(seen, 1, 0.5), -5);
}

TEST(CloseUp, GivesWayWhereTheObjectsAnswerChangesItsMind) {
  const Rectangle box{800, 600, 300, 300};
  FrameMap object = constant(kWhole, -5);
  for (int y = 0; y < object.height; ++y)  // the right half of the picture becomes the object
    for (int x = object.width * 19 / 40; x < object.width; ++x)
      object.values[static_cast<std::size_t>(y * object.width + x)] = 3;
  const FrameMap seen = seen_in(Frame::of(box, kSettings), object, {including(box)});
  EXPECT_FLOAT_EQ(at(seen, 0.3, 0.5), 5) << "unchanged there";
  EXPECT_FLOAT_EQ(at(seen, 0.7, 0.5), 3);
}

TEST(CloseUp, TheNewestAtAClickSaysWhatIsSeenThere) {
  const Click inside{.x = 1000.5, .y = 700.5, .radius = {}, .target = kInclude};
  const CloseUps both{including({900, 600, 300, 300}), including({950, 650, 200, 200})};
  EXPECT_EQ(newest_at(inside, both), both[1].get());
  EXPECT_EQ(newest_at({.x = 910, .y = 610}, both), both[0].get());
  EXPECT_EQ(newest_at({.x = 400, .y = 610}, both), nullptr);
  EXPECT_FALSE(disagrees(*both[1], inside));
  EXPECT_TRUE(disagrees(*both[1], {.x = 1000.5, .y = 700.5, .radius = {}, .target = kExclude}));
}

TEST(CloseUp, WhatChangedElsewhereThanAroundTheClickIsTakenBack) {
  const Frame frame = Frame::of({800, 600, 300, 300}, kSettings);
  const FrameMap before = constant(frame, -4);
  FrameMap answer = before;
  const auto paint = [&](int left, int right) {
    for (int y = 100; y < 120; ++y)
      for (int x = left; x < right; ++x) answer.values[static_cast<std::size_t>(y * answer.width + x)] = 6;
  };
  paint(20, 60);    // reaches into the disc around the click
  paint(150, 190);  // elsewhere
  take_back_elsewhere(answer, before, frame, {.u = 100, .v = 220, .target = 1}, 60);
  const auto value = [&](int x) { return answer.values[static_cast<std::size_t>(110 * answer.width + x)]; };
  EXPECT_EQ(value(22), 6) << "all of a part that the disc touches";
  EXPECT_EQ(value(58), 6);
  EXPECT_EQ(value(170), -4);
}

TEST(CloseUp, ANewerOneLiesOnTopOfAnOlderAndHidesWhatItCovers) {
  const auto small = including({850, 650, 200, 200}), beside = including({1050, 600, 300, 300});
  const Frame frame = Frame::of({800, 600, 300, 300}, kSettings);
  const auto newest = std::make_shared<const CloseUp>(CloseUp{frame, constant(frame, 2), constant(frame, -5)});
  const CloseUps all = with_another({small, beside}, newest, kPicture);
  ASSERT_EQ(all, (CloseUps{beside, newest}));
  EXPECT_FLOAT_EQ(at(seen_in(frame, constant(kWhole, -5), all), 0.5, 0.5), 2);
  EXPECT_EQ(with_another({including(frame.box)}, newest, kPicture), CloseUps{newest}) << "the same place again";
}

TEST(CloseUp, TheOldestGoWhenThereAreVeryMany) {
  CloseUps all;
  for (int i = 0; i < 100; ++i) all = with_another(all, including({10 * i, 10 * i, 200, 200}), kPicture);
  EXPECT_LE(all.size(), 40U);
  EXPECT_EQ(all.back()->frame.box.x, 990);
}

}  // namespace
}  // namespace gbrs
