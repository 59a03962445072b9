// SPDX-License-Identifier: Apache-2.0
#include "session/frame.hpp"

#include <gtest/gtest.h>

namespace gbrs {
namespace {

const InputSettings kSettings{.long_side = 449, .multiple = 16};

TEST(Frame, LongerSideIsTheManifestsAndBothAreMultiplesPlusOne) {
  for (const auto& [width, height] : {std::pair{600, 400}, {400, 600}, {4000, 3000}, {449, 449}, {8, 5000}, {64, 64}}) {
    const Frame frame = Frame::whole(width, height, kSettings);
    EXPECT_EQ(std::max(frame.width, frame.height), 449);
    EXPECT_EQ(frame.width % 16, 1);
    EXPECT_EQ(frame.height % 16, 1);
    EXPECT_GE(std::min(frame.width, frame.height), 17);
    EXPECT_EQ(frame.box, (Rectangle{0, 0, width, height}));
  }
}

TEST(Frame, NoSideIsASinglePixel) {
  const Frame frame = Frame::whole(2400, 5, {.long_side = 448, .multiple = 1, .rest = 0});
  EXPECT_EQ(frame.width, 448);
  EXPECT_EQ(frame.height, 2);
}

TEST(Frame, CornersOfThePictureAreHalfAPixelOutsideTheFramesCentres) {
  const Frame frame = Frame::whole(1000, 500, kSettings);
  EXPECT_DOUBLE_EQ(frame.u(0), -0.5);
  EXPECT_DOUBLE_EQ(frame.u(1000), frame.width - 0.5);
  EXPECT_DOUBLE_EQ(frame.v(500), frame.height - 0.5);
}

TEST(Frame, ClickMeansItsPixelsCentre) {
  const Frame frame = Frame::whole(449, 449, kSettings);
  const FrameClick click = frame.to_frame({.x = 7.9, .y = 8.1, .radius = 12, .target = kExclude});
  EXPECT_DOUBLE_EQ(click.u, 7);
  EXPECT_DOUBLE_EQ(click.v, 8);
  EXPECT_DOUBLE_EQ(*click.radius, 12);
  EXPECT_EQ(click.target, kExclude);
}

}  // namespace
}  // namespace gbrs
