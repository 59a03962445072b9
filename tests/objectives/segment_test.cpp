// SPDX-License-Identifier: Apache-2.0
// The segmentation objective by hand: sampling between pixels, joined clicks, the stop rules.

#include <gtest/gtest.h>

#include "objectives/sampling.hpp"
#include "objectives/segment.hpp"
#include "support/tensors.hpp"

namespace gbrs::test {
namespace {

TEST(ClickSampler, IsThePixelAtWholePlacesAndLinearBetween) {
  const Tensor f = wavy({1, 1, 5, 7});
  const auto at = [&](double u, double v) { return ClickSampler(f, {{u, v, 0, 1}}).sample(f).item<double>(); };
  const auto pixel = [&](int x, int y) { return f[0][0][y][x].item<double>(); };
  EXPECT_EQ(at(3, 2), pixel(3, 2));
  EXPECT_EQ(at(6, 4), pixel(6, 4));
  EXPECT_DOUBLE_EQ(at(3.25, 2), 0.75 * pixel(3, 2) + 0.25 * pixel(4, 2));
  EXPECT_NEAR(at(3.5, 2.5), (pixel(3, 2) + pixel(4, 2) + pixel(3, 3) + pixel(4, 3)) / 4, 1e-15);
}

TEST(ClickSampler, BeyondTheEdgeTheNearestValueCounts) {
  const Tensor f = wavy({1, 1, 5, 7});
  EXPECT_EQ(ClickSampler(f, {{-0.4, 4.3, 0, 1}}).sample(f).item<double>(), f[0][0][4][0].item<double>());
}

TEST(SegmentObjective, AtThePreviousAnswerNothingPulls) {
  const Tensor f = wavy({1, 1, 6, 8});
  const Loss loss = SegmentObjective().begin(f, {{{2, 2, 1, 1}}, 0})->evaluate(f);
  EXPECT_EQ(loss.keep, 0);
  EXPECT_DOUBLE_EQ(loss.refine, std::pow(std::max(0.0, 1 - f[0][0][2][2].item<double>()), 2));
}

TEST(SegmentObjective, OnlyTheNewClicksDiscsAreFree) {
  const Tensor previous = wavy({1, 1, 6, 8});
  const ClickList joined{{{1, 1, 9, 1}, {2, 2, 0, 1}, {5, 4, 0, -1}}, 1};  // the old click's large disc does not count
  const double keep = SegmentObjective().begin(previous, joined)->evaluate(previous + 1).keep;
  EXPECT_NEAR(keep, 100.0 * (6 * 8 - 2) / (6 * 8), 1e-12);
}

TEST(SegmentObjective, TheStopRulesLookAtTheWorstClick) {
  Tensor f = wavy({1, 1, 4, 4}).clone();
  f[0][0][1][1] = 3.0;   // well on its side
  f[0][0][2][2] = -0.5;  // on its side by half of the margin
  const ClickList clicks{{{1, 1, 0, 1}, {2, 2, 0, -1}}, 1};
  const auto stop = [&](StopRule rule) { return SegmentObjective({.stop = rule}).begin(f, clicks)->evaluate(f).stop; };
  EXPECT_DOUBLE_EQ(stop(StopRule::deficit), 0.5);
  EXPECT_DOUBLE_EQ(stop(StopRule::literal), 2.0);  // |1 - 3|: as printed, a click that is too right keeps it going
  EXPECT_DOUBLE_EQ(stop(StopRule::none), 0.0);
}

TEST(SegmentObjective, AClickIsSatisfiedOnItsSideOfZero) {
  Tensor f = wavy({1, 1, 4, 4}).clone();
  f[0][0][1][1] = 1e-6;
  f[0][0][2][2] = 0.0;
  const SegmentObjective objective;
  EXPECT_TRUE(objective.satisfied(f, {1, 1, 0, 1}));
  EXPECT_FALSE(objective.satisfied(f, {1, 1, 0, -1}));
  EXPECT_FALSE(objective.satisfied(f, {2, 2, 0, 1}));
  EXPECT_FALSE(objective.satisfied(f, {2, 2, 0, -1}));
}

}  // namespace
}  // namespace gbrs::test
