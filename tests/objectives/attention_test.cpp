// SPDX-License-Identifier: Apache-2.0
// Attention masks and automatic radius by hand.

#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "objectives/attention.hpp"
#include "support/tensors.hpp"

namespace gbrs::test {
namespace {

Tensor labels(std::int64_t height, std::int64_t width) { return at::zeros({height, width}, at::kBool); }

/// Sets a rectangle of labels.
Tensor with_box(Tensor map, std::int64_t x, std::int64_t y, std::int64_t width, std::int64_t height,
                bool value = true) {
  map.narrow(0, y, height).narrow(1, x, width).fill_(value);
  return map;
}

TEST(AttentionMask, ADiscWhoseRadiusIsARootHoldsThePixelsAtThatDistance) {
  for (const int squared : {1, 2, 5, 8, 13, 18, 25, 26}) {
    const Tensor mask = attention_mask(MaskShape::disc, {8, 8, std::sqrt(squared), 1}, 17, 17);
    for (int y = 0; y < 17; ++y) {
      for (int x = 0; x < 17; ++x) {
        const int distance = (x - 8) * (x - 8) + (y - 8) * (y - 8);
        EXPECT_EQ(mask[y][x].item<double>(), distance <= squared ? 0 : 1) << squared << " at " << x << ", " << y;
      }
    }
  }
}

TEST(AttentionMask, AFloat32RadiusStillHoldsItsPixels) {
  const auto radius = static_cast<double>(std::sqrt(13.0F));  // rounded down by 1e-7
  EXPECT_EQ(attention_mask(MaskShape::disc, {8, 8, radius, 1}, 17, 17)[10][11].item<double>(), 0);
}

TEST(AttentionMask, RadiusZeroFreesOnePixel) {
  for (const MaskShape shape : {MaskShape::disc, MaskShape::gaussian}) {
    const Tensor mask = attention_mask(shape, {3, 2, 0, 1}, 5, 7);
    EXPECT_EQ(mask.sum().item<double>(), 34);
    EXPECT_EQ(mask[2][3].item<double>(), 0);
  }
}

TEST(AttentionMask, JoinedClicksMultiplyTheirMasks) {
  const std::vector<GridClick> clicks{{2, 2, 1.5, 1}, {5, 3, 2, -1}};
  for (const MaskShape shape : {MaskShape::disc, MaskShape::gaussian}) {
    const Tensor expected = attention_mask(shape, clicks[0], 6, 9) * attention_mask(shape, clicks[1], 6, 9);
    EXPECT_TRUE(is_equal(attention_mask(shape, clicks, 6, 9), expected));
  }
  EXPECT_EQ(attention_mask(MaskShape::disc, std::vector<GridClick>{}, 6, 9).sum().item<double>(), 54);
}

TEST(AutoRadius, ReachesTheFarthestPixelOfTheChangedRegionThatHoldsTheClick) {
  const Tensor before = labels(40, 60);
  const Tensor first = with_box(with_box(labels(40, 60), 10, 10, 9, 5), 40, 20, 15, 15);
  EXPECT_DOUBLE_EQ(auto_radius(before, first, 12, 11), std::hypot(18 - 12, 14 - 11));
}

TEST(AutoRadius, CountsChangesOfBothKindsAndTouchingCorners) {
  const Tensor before = with_box(labels(40, 60), 10, 10, 4, 4);
  // the old box vanishes, a new one touches its corner
  EXPECT_DOUBLE_EQ(auto_radius(before, with_box(labels(40, 60), 14, 14, 4, 4), 10, 10), std::hypot(7, 7));
}

TEST(AutoRadius, WithoutAPreviousAnswerEverythingSelectedIsNew) {
  EXPECT_DOUBLE_EQ(auto_radius({}, with_box(labels(40, 60), 10, 10, 9, 5), 10, 10), std::hypot(8, 4));
}

TEST(AutoRadius, AClickThatChangedNothingTakesThePreviousLabelsRegion) {
  const Tensor map = with_box(labels(40, 60), 10, 10, 9, 5);
  EXPECT_DOUBLE_EQ(auto_radius(map, map, 12, 11), std::hypot(6, 3));
}

TEST(AutoRadius, StaysBetweenTheStatedPartsOfTheDiagonal) {
  const double diagonal = std::hypot(59, 39);
  const Tensor dot = with_box(labels(40, 60), 30, 20, 1, 1);
  EXPECT_DOUBLE_EQ(auto_radius({}, dot, 30, 20), kAutoRadiusSmallest * diagonal);
  EXPECT_DOUBLE_EQ(auto_radius({}, labels(40, 60), 0, 0), kAutoRadiusLargest * diagonal);
}

TEST(AutoRadius, MeasuresFromTheClickItselfNotFromItsPixel) {
  const Tensor first = with_box(labels(40, 60), 10, 10, 9, 5);
  EXPECT_DOUBLE_EQ(auto_radius({}, first, 12.4, 11.25), std::hypot(18 - 12.4, 14 - 11.25));
}

}  // namespace
}  // namespace gbrs::test
