// SPDX-License-Identifier: Apache-2.0
// The loop by hand, on a network that is one convolution: what it returns when it is stopped, when it blows
// up, when it was best in the middle; what it shows on the way; what is left for the next click.

#include "refine/refiner.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "objectives/segment.hpp"
#include "support/tensors.hpp"

namespace gbrs::test {
namespace {

const ClickList kWrongClick{{{3, 2, 1, -1}}, 0};

/// Features that are plainly object everywhere, so that kWrongClick has something to do.
Tensor features() { return wavy({1, 4, 6, 8}) + 2; }

struct Loop {
  explicit Loop(RefinerOptions options, LayerType type = LayerType::bmsb)
      : insertions({.type = type, .sites = {"a"}}), refiner(options) {}

  RefinerResult run(const ClickList& clicks = kWrongClick, std::stop_token stop = {},
                    const Refiner::Watch& watch = {}) {
    return refiner.run(
        [&](Insertions& layers) {
          ++passes;
          return layers.pass("a", features()).mean({1}, /*keepdim=*/true);
        },
        insertions, [&](const Tensor& first) { return SegmentObjective().begin(first, clicks); }, stop, watch);
  }

  Insertions insertions;
  Refiner refiner;
  int passes = 0;
};

bool same_values(const std::vector<SiteValues>& a, const std::vector<SiteValues>& b) {
  for (std::size_t site = 0; site < a.size(); ++site) {
    for (std::size_t i = 0; i < a[site].values.size(); ++i) {
      if (!is_equal(a[site].values[i].value, b[site].values[i].value)) return false;
    }
  }
  return a.size() == b.size();
}

double at_click(const Tensor& answer) { return answer[0][0][2][3].item<double>(); }

TEST(Refiner, TurnsAWrongClickAndLeavesTheResultInTheInsertions) {
  Loop loop({.rate = 0.05, .iterations = 100});
  const RefinerResult result = loop.run();
  EXPECT_GT(at_click(result.first), 1);
  EXPECT_LT(at_click(result.answer), -0.2);  // deficit below 0.8
  EXPECT_GT(result.steps, 0);
  EXPECT_EQ(result.trace.size(), static_cast<std::size_t>(result.steps) + 1);
  EXPECT_FALSE(result.answer.requires_grad());
  const Tensor again = loop.insertions.pass("a", features()).mean({1}, true);
  EXPECT_TRUE(is_equal(again.detach(), result.answer));
}

TEST(Refiner, AnObeyedClickCostsOnePassAndNoStep) {
  Loop loop({.rate = 0.05});
  const RefinerResult result = loop.run({{{3, 2, 1, 1}}, 0});
  EXPECT_EQ(result.steps, 0);
  EXPECT_EQ(loop.passes, 1);
  EXPECT_TRUE(is_equal(result.answer, result.first));
}

TEST(Refiner, MakesAtMostOnePassMoreThanSteps) {
  Loop loop({.rate = 1e-4, .iterations = 7});
  EXPECT_EQ(loop.run().steps, 7);
  EXPECT_EQ(loop.passes, 8);
}

TEST(Refiner, WithoutIterationsTheFirstAnswerIsTheAnswer) {
  Loop loop({.rate = 0.05, .iterations = 0});
  const RefinerResult result = loop.run();
  EXPECT_EQ(loop.passes, 1);
  EXPECT_TRUE(is_equal(result.answer, result.first));
  EXPECT_EQ(loop.insertions.values().size(), 1U);  // the layers exist for the next click
}

TEST(Refiner, StartsFromTheParametersOfTheClickBefore) {
  Loop loop({.rate = 0.05, .iterations = 100});
  const RefinerResult first = loop.run();
  const RefinerResult second = loop.run();
  EXPECT_TRUE(is_equal(second.first, first.answer));
  EXPECT_EQ(second.steps, 0);
}

TEST(Refiner, AStopAfterSomeStepsGivesTheFirstAnswerAndTheOldParameters) {
  Loop loop({.rate = 0.05, .iterations = 100});
  std::stop_source source;
  (void)loop.run({{{1, 1, 1, -1}}, 0});
  const std::vector<SiteValues> before = loop.insertions.values();
  const RefinerResult result = loop.run(kWrongClick, source.get_token(), [&](int iteration, const Tensor&) {
    if (iteration == 3) source.request_stop();
  });
  EXPECT_TRUE(result.is_stopped);
  EXPECT_EQ(result.steps, 0);
  EXPECT_EQ(result.trace.size(), 4U);  // the iteration in which it was asked for is finished
  EXPECT_TRUE(is_equal(result.answer, result.first));
  EXPECT_TRUE(same_values(loop.insertions.values(), before));
}

TEST(Refiner, AStopThatWasAskedForBeforeStillGivesTheFirstAnswer) {
  Loop loop({.rate = 0.05});
  std::stop_source source;
  source.request_stop();
  const RefinerResult result = loop.run(kWrongClick, source.get_token());
  EXPECT_TRUE(result.is_stopped);
  EXPECT_EQ(loop.passes, 1);
  EXPECT_TRUE(result.answer.defined());
}

TEST(Refiner, NumbersThatBlowUpAreUndone) {
  Loop loop({.rate = 0.05, .iterations = 10});
  (void)loop.run();
  const std::vector<SiteValues> before = loop.insertions.values();
  Loop wild({.rate = 1e300, .iterations = 10});
  wild.insertions.set_values(before);
  const RefinerResult result = wild.run({{{1, 1, 1, -1}}, 0});
  EXPECT_TRUE(result.is_diverged);
  EXPECT_EQ(result.steps, 0);
  EXPECT_TRUE(is_equal(result.answer, result.first));
  EXPECT_TRUE(same_values(wild.insertions.values(), before));
}

TEST(Refiner, ParametersThatAreNoNumbersAreUndoneEvenIfTheLossIsFinite) {
  // The bias map is multiplied by 0 behind the layer, so its infinite values would never show in the loss.
  Insertions insertions({.type = LayerType::sb, .sites = {"a"}});
  Refiner refiner({.rate = std::numeric_limits<double>::infinity(), .iterations = 1, .has_early_stop = false});
  const RefinerResult result = refiner.run(
      [&](Insertions& layers) { return layers.pass("a", features()).mean({1}, true).clamp(-1, 1); }, insertions,
      [&](const Tensor& first) { return SegmentObjective({.lambda = 0}).begin(first, kWrongClick); });
  for (const SiteValues& site : insertions.values()) {
    for (const auto& [name, value] : site.values) EXPECT_TRUE(value.isfinite().all().item<bool>()) << name;
  }
  EXPECT_TRUE(is_equal(result.answer, result.first));
}

/// A loss that falls and then rises: (s - 1.1)^2 of one scale that starts at 1 and overshoots.
class Valley final : public StepLoss {
 public:
  Loss evaluate(const Tensor& answer) const override {
    const Tensor total = (answer.mean() - 2.1).pow(2);
    return {.total = total, .refine = total.item<double>(), .keep = 0, .stop = 1};
  }
};

TEST(Refiner, ReturnsTheBestIterateWithItsParametersIfAskedTo) {
  for (const bool returns_best : {false, true}) {
    Insertions insertions({.type = LayerType::sb, .sites = {"a"}});
    Refiner refiner({.rate = 0.04, .iterations = 12, .returns_best = returns_best});
    const auto decode = [&](Insertions& layers) { return layers.pass("a", features()).mean({1}, true); };
    const RefinerResult result =
        refiner.run(decode, insertions, [](const Tensor&) { return std::make_unique<Valley>(); });
    ASSERT_GT(result.best, 0);
    ASSERT_LT(result.best, 12) << "the valley is crossed";
    EXPECT_EQ(result.steps, 12);
    for (const TraceRow& row : result.trace)
      EXPECT_GE(row.total, result.trace[static_cast<std::size_t>(result.best)].total);
    const double reached = Valley().evaluate(result.answer).refine;
    EXPECT_EQ(reached, result.trace[static_cast<std::size_t>(returns_best ? result.best : 12)].total);
    EXPECT_TRUE(is_equal(decode(insertions).detach(), result.answer));
  }
}

TEST(Refiner, KeepsAdamsStateFromClickToClickIfAskedTo) {
  for (const bool keeps : {false, true}) {
    Loop loop({.rate = 1e-3, .iterations = 3, .keeps_adam = keeps});
    (void)loop.run();
    (void)loop.run();
    EXPECT_EQ(loop.refiner.adam_state().steps, keeps ? 6 : 0);
  }
}

TEST(Refiner, ShowsEveryIterateThatIsRefinedFurther) {
  Loop loop({.rate = 1e-4, .iterations = 5});
  std::vector<int> seen;
  (void)loop.run(kWrongClick, {}, [&](int iteration, const Tensor& answer) {
    seen.push_back(iteration);
    EXPECT_FALSE(answer.requires_grad());
  });
  EXPECT_EQ(seen, (std::vector<int>{0, 1, 2, 3, 4}));
}

TEST(Refiner, EqualStepsGiveEqualBytes) {
  Loop a({.rate = 0.01}, LayerType::bmconv), b({.rate = 0.01}, LayerType::bmconv);
  EXPECT_TRUE(is_equal(a.run().answer, b.run().answer));
  EXPECT_TRUE(same_values(a.insertions.values(), b.insertions.values()));
}

}  // namespace
}  // namespace gbrs::test
