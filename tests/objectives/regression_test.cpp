// SPDX-License-Identifier: Apache-2.0
// The objective of values by hand: clicks, pushes, both in one step, and the start that targets are moved by.

#include "objectives/regression.hpp"

#include <ATen/ops/full.h>
#include <gtest/gtest.h>

#include <limits>

#include "support/tensors.hpp"

namespace gbrs::test {
namespace {

Tensor level(double value) { return at::full({1, 1, 6, 8}, value, at::kDouble); }

constexpr GridClick kOld{1, 1, 2, 0.9};
constexpr GridClick kNew{3, 2, 1, 0.2};
constexpr GridClick kUp{.u = 5, .v = 4, .radius = 1, .target = 1, .is_push = true};
constexpr GridClick kDown{.u = 2, .v = 4, .radius = 1, .target = -1, .is_push = true};

Loss evaluate(const RegressionOptions& options, const ClickList& list) {
  return RegressionObjective(options).begin(level(0.5), list)->evaluate(level(0.5));
}

TEST(RegressionObjective, MattingTakesTheMeanAndDepthTheSum) {
  const ClickList list{{kOld, kNew}, 1};
  EXPECT_NEAR(evaluate(RegressionOptions::matte(), list).refine, (0.16 + 0.09) / 2, 1e-12);
  EXPECT_NEAR(evaluate(RegressionOptions::depth(), list).refine, 0.16 + 0.09, 1e-12);
}

TEST(RegressionObjective, APushAsksForALittleMoreOrLessThanThereIs) {
  for (const GridClick& push : {kUp, kDown}) {
    const auto step = RegressionObjective(RegressionOptions::matte()).begin(level(0.5), {{kOld, push}, 1});
    EXPECT_EQ(step->most_iterations(), 1);
    EXPECT_NEAR(step->evaluate(level(0.5)).refine, 0.01, 1e-12);
    EXPECT_NEAR(step->evaluate(level(push.target > 0 ? 0.6 : 0.4)).total.item<double>(), 0, 1e-12)
        << "the click before is not used, nothing is held";
  }
}

TEST(RegressionObjective, APushIsNotRemembered) {
  const ClickList list{{kUp, kNew}, 1};
  EXPECT_NEAR(evaluate(RegressionOptions::depth(), list).refine, 0.09, 1e-12);
  EXPECT_EQ(RegressionObjective(RegressionOptions::depth()).begin(level(0.5), list)->most_iterations(),
            std::numeric_limits<int>::max());
}

TEST(RegressionObjective, JoinedWithAClickAPushIsAClickToo) {
  const ClickList list{{kOld, kNew, kUp}, 1};
  EXPECT_NEAR(evaluate(RegressionOptions::depth(), list).refine, 0.16 + 0.09 + 0.01, 1e-12);
}

TEST(RegressionObjective, SeveralPushesInOneStepAllCount) {
  const auto step = RegressionObjective({.push = 0.25}).begin(level(0.5), {{kUp, kDown}, 0});
  EXPECT_EQ(step->most_iterations(), 1);
  EXPECT_NEAR(step->evaluate(level(0.5)).refine, 2 * 0.0625, 1e-12);
}

TEST(RegressionObjective, OnlyAPushWhoseLengthIsSearchedTellsItsShare) {
  RegressionOptions options = RegressionOptions::matte();
  const ClickList push{{kUp}, 0};
  EXPECT_FALSE(RegressionObjective(options).begin(level(0.5), push)->share_of_way(level(0.5)).has_value());
  options.has_push_scale = true;
  const auto step = RegressionObjective(options).begin(level(0.5), push);
  EXPECT_NEAR(step->share_of_way(level(0.5)).value(), 0, 1e-12);
  EXPECT_NEAR(step->share_of_way(level(0.55)).value(), 0.5, 1e-12);
  EXPECT_NEAR(step->share_of_way(level(0.4)).value(), -1, 1e-12);
  EXPECT_FALSE(RegressionObjective(options).begin(level(0.5), {{kNew}, 0})->share_of_way(level(0.5)).has_value());
}

TEST(RegressionObjective, AClickIsSatisfiedNearItsTarget) {
  const RegressionObjective matte(RegressionOptions::matte()), depth(RegressionOptions::depth());
  EXPECT_TRUE(matte.satisfied(level(0.24), kNew));
  EXPECT_FALSE(matte.satisfied(level(0.26), kNew));
  EXPECT_TRUE(depth.satisfied(level(4.19), {3, 2, 0, 4}));
  EXPECT_FALSE(depth.satisfied(level(4.3), {3, 2, 0, 4}));
  EXPECT_TRUE(depth.satisfied(level(4.3), kUp));
}

TEST(RegressionObjective, WithAStartTargetsAreThoseOfTheAnswerThatGoesOnFromIt) {
  // the start is 2 f0 + 3 everywhere
  const Tensor own = wavy({1, 1, 6, 8});
  const Start start(own, 2 * own + 3, /*fits_scale=*/true);
  const RegressionObjective objective(RegressionOptions::depth(), start);
  const GridClick click{3, 2, 1, 6};
  const double reached = (6 - 3) / 2.0;
  EXPECT_NEAR(objective.begin(own, {{click}, 0})->evaluate(level(reached)).refine, 0, 1e-12);
  EXPECT_TRUE(objective.satisfied(level(reached), click));
  EXPECT_FALSE(objective.satisfied(level(6), click));
  // a push moves the answer by eps: the network by eps / 2
  const Loss pushed = objective.begin(level(1), {{kUp}, 0})->evaluate(level(1.05));
  EXPECT_NEAR(pushed.refine, 0, 1e-12);
}

}  // namespace
}  // namespace gbrs::test
