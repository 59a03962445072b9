// SPDX-License-Identifier: Apache-2.0
// The region of a click by hand: two materials side by side, seen on a level of the grid's own fineness.

#include "objectives/region.hpp"

#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>

#include <cmath>

#include "objectives/segment.hpp"
#include "support/tensors.hpp"

namespace gbrs::test {
namespace {

constexpr int kHeight = 9, kWidth = 12;

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

/// Columns left of 6 point along the first axis, the others 60 degrees away: likeness 0.5 across. Lengths differ.
Tensor two_materials() {
  Tensor level = at::zeros({1, 2, kHeight, kWidth}, at::kDouble);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      const double length = 1 + x + y;
      level[0][0][y][x] = length * (x < 6 ? 1.0 : 0.5);
      level[0][1][y][x] = length * (x < 6 ? 0.0 : std::sqrt(0.75));
    }
  }
  return level;
}

TEST(Region, HoldsWhatIsAlikeWithinReach) {
  const std::vector<GridClick> clicks{{4, 4, 5, 1}};
  const Tensor levels[] = {two_materials(), two_materials()};
  const Region region = region_of(clicks, 0, levels, kHeight, kWidth, {.weight = 0.5, .likeness = 0.8, .reach = 0.6});
  EXPECT_EQ(region.target, 1);
  double sum = 0;
  Tensor expected = at::zeros({1, 1, kHeight, kWidth}, at::kDouble);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      if (std::hypot(x - 4, y - 4) > 3) continue;
      const double w = sigmoid(25 * ((x < 6 ? 1.0 : 0.5) - 0.8));
      expected[0][0][y][x] = w;
      sum += w;
    }
  }
  EXPECT_TRUE(is_near(region.weights, expected * (0.5 / (1 + sum)), 1e-12));
}

TEST(Region, LeavesOutWhatLooksLikeClicksOfTheOtherTarget) {
  const std::vector<GridClick> clicks{{9, 4, 0, -1}, {4, 4, 20, 1}};
  const Tensor levels[] = {two_materials()};
  const Region region = region_of(clicks, 1, levels, kHeight, kWidth, {.weight = 1, .likeness = 0.4, .reach = 1});
  const auto weight = [&](int x) { return region.weights[0][0][4][x].item<double>(); };
  const double near = sigmoid(25 * 0.6) * sigmoid(40 * (1 - 0.5 - 0.03));
  const double far = sigmoid(25 * 0.1) * sigmoid(40 * (0.5 - 1 - 0.03));
  EXPECT_NEAR(weight(10) / weight(2), far / near, 1e-12);
}

TEST(Region, ItsLossPullsEveryPixelAcrossTheMargin) {
  Region region{.weights = at::zeros({1, 1, 2, 2}, at::kDouble), .target = -1};
  region.weights[0][0][0][0] = 0.25;
  region.weights[0][0][1][1] = 0.5;
  Tensor f = at::zeros({1, 1, 2, 2}, at::kDouble);
  f[0][0][0][0] = 2;   // (1 + 2)^2 * 0.25
  f[0][0][1][1] = -3;  // beyond the margin
  f[0][0][0][1] = 9;   // not in the region
  const ClickList list{.clicks = {{1, 1, 1, -1}}, .first_new = 0, .regions = {region}};
  const Loss loss = SegmentObjective().begin(f, list)->evaluate(f);
  EXPECT_DOUBLE_EQ(loss.region, 2.25);
  EXPECT_DOUBLE_EQ(loss.total.item<double>(), loss.refine + loss.keep + loss.region);
}

}  // namespace
}  // namespace gbrs::test
