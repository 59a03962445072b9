// SPDX-License-Identifier: Apache-2.0
#include "objectives/strokes.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "support/tensors.hpp"

namespace gbrs::test {
namespace {

using Pixels = std::set<std::pair<int, int>>;

Pixels painted(const Tensor& labels, std::int64_t label) {
  Pixels pixels;
  for (int y = 0; y < labels.size(0); ++y)
    for (int x = 0; x < labels.size(1); ++x)
      if (labels[y][x].item<std::int64_t>() == label) pixels.insert({x, y});
  return pixels;
}

Tensor paint(const std::vector<GridStroke>& strokes) { return paint_strokes(strokes, 9, 12); }

TEST(Strokes, APointPaintsTheDiscAroundIt) {
  const Tensor labels = paint({{.path = {{4, 3}}, .radius = std::sqrt(5.0), .label = 2}});
  Pixels expected;
  for (int y = 0; y < 9; ++y)
    for (int x = 0; x < 12; ++x)
      if ((x - 4) * (x - 4) + (y - 3) * (y - 3) <= 5) expected.insert({x, y});
  EXPECT_EQ(painted(labels, 2), expected);
  EXPECT_EQ(painted(labels, kUnpainted).size(), 9 * 12 - expected.size());
}

TEST(Strokes, APathPaintsWhatIsNearItsSegments) {
  const Tensor labels = paint({{.path = {{2, 2}, {9, 2}, {9, 6}}, .radius = 1, .label = 0}});
  Pixels expected;
  for (int x = 2; x <= 9; ++x)
    for (int y = 1; y <= 3; ++y) expected.insert({x, y});
  for (int y = 2; y <= 6; ++y)
    for (int x = 8; x <= 10; ++x) expected.insert({x, y});
  expected.insert({{1, 2}, {9, 7}});
  EXPECT_EQ(painted(labels, 0), expected);
}

TEST(Strokes, TheLaterOneWinsWhereTheyOverlap) {
  const Tensor labels = paint(
      {{.path = {{0, 4}, {11, 4}}, .radius = 0, .label = 1}, {.path = {{5, 0}, {5, 8}}, .radius = 0, .label = 3}});
  EXPECT_EQ(labels[4][5].item<std::int64_t>(), 3);
  EXPECT_EQ(painted(labels, 1).size(), 11U);
  EXPECT_EQ(painted(labels, 3).size(), 9U);
}

TEST(Strokes, OneThinnerThanTheGridStillPaintsWhereItWasDrawn) {
  EXPECT_EQ(painted(paint({{.path = {{3.4, 2.6}}, .radius = 0.1, .label = 1}}), 1), (Pixels{{3, 3}}));
}

TEST(Strokes, WhatLiesBeyondTheEdgeIsCutOff) {
  const Tensor labels = paint({{.path = {{-3, 4}, {2, 4}}, .radius = 1, .label = 1}});
  for (const auto& [x, y] : painted(labels, 1)) {
    EXPECT_LE(x, 3);
    EXPECT_LE(std::abs(y - 4), 1);
  }
  EXPECT_EQ(painted(labels, 1).size(), 10U);
}

TEST(Strokes, NoStrokesPaintNothing) { EXPECT_EQ(painted(paint({}), kUnpainted).size(), 108U); }

}  // namespace
}  // namespace gbrs::test
