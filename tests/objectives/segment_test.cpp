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
  const auto at = [&](double u, double v) { return sample_at(f, {u, v, 0, 1}).item<double>(); };
  const auto pixel = [&](int x, int y) { return f[0][0][y][x].item<double>(); };
  EXPECT_EQ(at(3, 2), pixel(3, 2));
  EXPECT_EQ(at(6, 4), pixel(6, 4));
  EXPECT_DOUBLE_EQ(at(3.25, 2), 0.75 * pixel(3, 2) + 0.25 * pixel(4, 2));
  EXPECT_NEAR(at(3.5, 2.5), (pixel(3, 2) + pixel(4, 2) + pixel(3, 3) + pixel(4, 3)) / 4, 1e-15);
}

TEST(ClickSampler, BeyondTheEdgeTheNearestValueCounts) {
  const Tensor f = wavy({1, 1, 5, 7});
  EXPECT_EQ(sample_at(f, {-0.4, 4.3, 0, 1}).item<double>(), f[0][0][4][0].item<double>());
}

TEST(ClickSampler, TakesEveryChannelAtEveryClick) {
  const Tensor f = wavy({1, 3, 5, 7});
  const std::vector<GridClick> clicks{{1, 2, 0, 1}, {6, 0, 0, 1}};
  const Tensor samples = ClickSampler(f, clicks).sample(f);
  ASSERT_EQ(samples.sizes(), (at::IntArrayRef{3, 2}));
  for (int channel = 0; channel < 3; ++channel) {
    EXPECT_EQ(samples[channel][0].item<double>(), f[0][channel][2][1].item<double>());
    EXPECT_EQ(samples[channel][1].item<double>(), f[0][channel][0][6].item<double>());
  }
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
  EXPECT_DOUBLE_EQ(stop(StopRule::deficit).value(), 0.5);
  EXPECT_DOUBLE_EQ(stop(StopRule::literal).value(), 2.0);  // |1 - 3|: as printed, too right a click keeps it going
  EXPECT_FALSE(stop(StopRule::none).has_value());
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
