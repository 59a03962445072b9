// SPDX-License-Identifier: Apache-2.0
// The semantic objective by hand: what is free, which weight holds, what a satisfied click is.

#include "objectives/semantic.hpp"

#include <ATen/ops/full.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>

#include <cmath>

#include "objectives/strokes.hpp"
#include "support/tensors.hpp"

namespace gbrs::test {
namespace {

constexpr int kHeight = 6, kWidth = 8, kPixels = kHeight * kWidth;

/// Equal logits: log p of every class is -log 4 everywhere.
Tensor undecided() { return at::zeros({1, 4, kHeight, kWidth}, at::kDouble); }

Tensor unpainted() { return at::full({kHeight, kWidth}, kUnpainted, at::kLong); }

TEST(SemanticObjective, TheWeightIsThatOfTheStepsKind) {
  const double nats = std::log(4.0);
  const SemanticObjective objective;
  const Loss click = objective.begin(undecided(), {{{2, 3, 0, 1}}, 0})->evaluate(undecided());
  EXPECT_NEAR(click.refine, nats, 1e-12);
  EXPECT_NEAR(click.keep, 10 * nats * (kPixels - 1) / kPixels, 1e-12);
  ClickList list{.clicks = {{2, 3, 5, 1}}, .first_new = 1};  // an old click: asked for, but nothing is free around it
  list.strokes = unpainted();
  list.strokes[0].fill_(2);
  const Loss stroke = objective.begin(undecided(), list)->evaluate(undecided());
  EXPECT_NEAR(stroke.refine, nats + nats * kWidth / kPixels, 1e-12);
  EXPECT_NEAR(stroke.keep, nats * (kPixels - kWidth) / kPixels, 1e-12);
}

TEST(SemanticObjective, NewClicksInOneStepFreeTheirDiscsTogether) {
  const ClickList joined{{{1, 1, 9, 1}, {2, 2, 0, 1}, {5, 4, 0, 3}}, 1};  // the old click's large disc does not count
  const Loss loss = SemanticObjective().begin(undecided(), joined)->evaluate(undecided());
  EXPECT_NEAR(loss.keep, 10 * std::log(4.0) * (kPixels - 2) / kPixels, 1e-12);
}

TEST(SemanticObjective, ProbabilitiesAreHeldWhereTheyWere) {
  const SemanticObjective objective({.consistency_to = MethodOptions::ConsistencyTo::probabilities});
  const Tensor before = wavy({1, 4, kHeight, kWidth}, 1);
  const auto loss = objective.begin(before, {{{2, 3, 1.5, 1}}, 0});
  // its entropy outside the disc is the least that L_c can be
  const Tensor log_p = at::log_softmax(before, 1);
  double entropy = 0;
  for (int y = 0; y < kHeight; ++y)
    for (int x = 0; x < kWidth; ++x)
      if (std::hypot(x - 2, y - 3) > 1.5)
        for (int c = 0; c < 4; ++c) {
          const double log_one = log_p[0][c][y][x].item<double>();
          entropy -= std::exp(log_one) * log_one;
        }
  EXPECT_NEAR(loss->evaluate(before).keep, 10 * entropy / kPixels, 1e-12);
  Tensor f = before.clone().set_requires_grad(true);
  const Loss same = loss->evaluate(f);
  (same.total * 1).backward();
  Tensor outside = f.grad().clone();
  outside.slice(2, 2, 5).slice(3, 1, 4).zero_();
  EXPECT_LT(outside.abs().max().item<double>(), 1e-12) << "nothing pulls where it is";
  EXPECT_GT(loss->evaluate(before * 2).keep, same.keep) << "sharper is farther";
}

TEST(SemanticObjective, OnlyTheClickedLabelIsLetGo) {
  Tensor before = undecided();
  before.narrow(1, 2, 1).slice(3, 4) += 1;  // the right half is of class 2, the left one of class 0
  const ClickList at_the_left{{{3, 2, 100, 1}}, 0}, at_both{{{3, 2, 100, 1}, {6, 2, 0, 3}}, 0};
  const auto keep = [&](MethodOptions::Attention attention, const ClickList& list) {
    const SemanticObjective objective({.attention = attention});
    return objective.begin(before, list)->evaluate(undecided()).keep * kPixels / (10 * std::log(4.0));
  };
  EXPECT_NEAR(keep(MethodOptions::Attention::disc, at_the_left), 0, 1e-12);
  EXPECT_NEAR(keep(MethodOptions::Attention::label, at_the_left), kPixels / 2.0, 1e-12);
  EXPECT_NEAR(keep(MethodOptions::Attention::label, at_both), kPixels / 2.0 - 1, 1e-12);
}

TEST(SemanticObjective, BetweenPixelsTheLogitsAreInterpolated) {
  const Tensor f = wavy({1, 4, kHeight, kWidth});
  const Tensor between = (f.select(3, 2) + f.select(3, 3)).select(2, 1) / 2;
  const SemanticObjective objective({.lambda_click = 0, .lambda_stroke = 0});
  const Loss loss = objective.begin(f, {{{2.5, 1, 0, 3}}, 0})->evaluate(f);
  EXPECT_NEAR(loss.refine, -at::log_softmax(between, 1)[0][3].item<double>(), 1e-12);
}

TEST(SemanticObjective, AClickIsSatisfiedByItsClass) {
  Tensor f = undecided();
  f[0][2][3][5] = 1;
  const SemanticObjective objective;
  EXPECT_TRUE(objective.satisfied(f, {5, 3, 0, 2}));
  EXPECT_FALSE(objective.satisfied(f, {5, 3, 0, 1}));
  EXPECT_TRUE(objective.satisfied(f, {0, 0, 0, 0})) << "the lowest of equal classes";
}

TEST(SemanticObjective, HasNoEarlyStop) {
  EXPECT_FALSE(SemanticObjective().begin(undecided(), {{{2, 3, 0, 1}}, 0})->evaluate(undecided()).stop.has_value());
}

}  // namespace
}  // namespace gbrs::test
