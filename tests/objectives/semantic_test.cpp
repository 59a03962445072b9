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
