// SPDX-License-Identifier: Apache-2.0
// RGB-BRS and DistMap-BRS with the loss of G-BRS, on a network of f-BRS with generated weights.

#include "baselines/consistency_click.hpp"

#include <gtest/gtest.h>

#include "baselines/brs_predictor.hpp"
#include "objectives/attention.hpp"
#include "objectives/segment.hpp"
#include "support/baselines.hpp"

namespace gbrs::test {
namespace {

constexpr std::int64_t kHeight = 64, kWidth = 96;

std::shared_ptr<Network> network(at::ScalarType type) {
  static std::map<at::ScalarType, std::shared_ptr<Network>> made;
  auto& one = made[type];
  if (one == nullptr) one = GeneratedCase(baseline_data("fbrs_deeplab_r34")).make(type);
  return one;
}

Tensor pixels() { return (wavy({kHeight, kWidth, 3}, 3) * 127 + 128).to(at::kByte); }

class ConsistencyClick : public testing::TestWithParam<BrsKind> {
 protected:
  [[nodiscard]] static BrsOptions options(double lambda = 100, double rate = 0.01, int iterations = 20) {
    return {.kind = GetParam(),
            .encoded_clicks = 5,
            .zoom = std::nullopt,
            .consistency = ConsistencyOptions{.rate = rate, .lambda = lambda, .iterations = iterations}};
  }
  [[nodiscard]] static BrsFrame frame(const BrsOptions& options, const std::vector<PromptClick>& clicks,
                                      at::ScalarType type = at::kFloat) {
    return {*network(type), options, network(type)->normalised(pixels()), clicks, {}};
  }
  /// The averaged logits before anything is changed [1,1,h,w].
  [[nodiscard]] static Tensor own(const BrsFrame& frame) {
    const at::NoGradGuard no_grad;
    Insertions layer = frame.layer(std::vector<double>(frame.variables()));
    return flip_average(frame.logits(layer));
  }
};

Tensor refined(const BrsFrame& frame, const std::vector<PromptClick>& clicks, const BrsOptions& options) {
  Insertions layer = frame.layer(std::vector<double>(frame.variables()));
  return refined_with_consistency(frame, layer, clicks, {}, *options.consistency);
}

/// A pixel's other side of the threshold, reaching 12 pixels.
PromptClick against(const Tensor& logits, std::int64_t u, std::int64_t v) {
  return {.u = static_cast<double>(u),
          .v = static_cast<double>(v),
          .target = logits[0][0][v][u].item<double>() > 0 ? -1.0 : 1.0,
          .radius = 12.0};
}

/// In float64, along the gradient, where the variables are somewhere else than at their start; image and mirror image.
TEST_P(ConsistencyClick, TheGradientIsThatOfDifferences) {
  const std::vector<PromptClick> clicks{{.u = 30, .v = 20, .target = 1}, {.u = 70, .v = 41, .target = -1}};
  const BrsOptions given = options();
  const BrsFrame frame = this->frame(given, clicks, at::kDouble);
  ClickList list;
  for (const PromptClick& click : clicks)
    list.clicks.push_back({.u = click.u, .v = click.v, .radius = 9, .target = click.target});
  list.first_new = 1;
  const auto loss = SegmentObjective({.lambda = 100}).begin(own(frame), list);
  const auto value = [&](Insertions& layer) { return loss->evaluate(flip_average(frame.logits(layer))).total; };

  const Tensor start = wavy({static_cast<std::int64_t>(frame.variables())}) * 0.05;
  Insertions layer = frame.layer({start.const_data_ptr<double>(), frame.variables()});
  const at::AutoGradMode with_grad(true);
  value(layer).backward();
  const Tensor gradient = layer.parameters().at(0).grad().flatten();
  const double length = gradient.norm().item<double>();
  ASSERT_GT(length, 0);
  const Tensor step = gradient * (1e-7 / length);
  const auto at = [&](const Tensor& x) {
    const at::NoGradGuard no_grad;
    Insertions there = frame.layer({x.const_data_ptr<double>(), frame.variables()});
    return value(there).item<double>();
  };
  EXPECT_NEAR((at(start + step) - at(start - step)) / 2e-7, length, 2e-3 * length);
}

TEST_P(ConsistencyClick, AClickIsObeyedAndTheRestIsHeld) {
  const std::vector<PromptClick> encoded{{.u = 30, .v = 20, .target = 1}};
  const BrsOptions with = options(100), without = options(0);
  const BrsFrame frame = this->frame(with, encoded);
  const Tensor before = own(frame);
  const PromptClick click = against(before, 70, 41);
  const GridClick placed{.u = click.u, .v = click.v, .radius = *click.radius, .target = click.target};
  const Tensor outside = attention_mask(MaskShape::disc, placed, kHeight, kWidth);
  const auto deficit = [&](const Tensor& logits) { return 1 - click.target * logits[0][0][41][70].item<double>(); };
  const auto moved = [&](const Tensor& logits) {
    return (((logits - before)[0][0] * outside).square().sum() / outside.sum()).item<double>();
  };
  const Tensor held = refined(frame, {encoded[0], click}, with), free = refined(frame, {encoded[0], click}, without);
  EXPECT_LT(deficit(held), deficit(before));
  EXPECT_LT(deficit(free), deficit(before));
  EXPECT_GT(moved(free), 0);
  EXPECT_LT(moved(held), 0.7 * moved(free));
}

TEST_P(ConsistencyClick, AClickOutsideTheFrameAsksForNothing) {
  const std::vector<PromptClick> encoded{{.u = 30, .v = 20, .target = 1}};
  const BrsOptions given = options();
  const BrsFrame frame = this->frame(given, encoded);
  const Tensor before = own(frame);
  const PromptClick inside = against(before, 70, 41);
  const PromptClick outside{.u = -3, .v = 20, .target = -1, .radius = 12.0};
  const Tensor alone = refined(frame, {inside}, given);
  EXPECT_FALSE(is_equal(alone, before));
  EXPECT_TRUE(is_equal(refined(frame, {outside}, given), before));
  EXPECT_TRUE(is_equal(refined(frame, {outside, inside}, given), alone));
}

TEST_P(ConsistencyClick, WhatWasChangedIsKeptFromClickToClickAndForgottenWithTheImage) {
  BrsOptions given = options(100, 0.02, 5);
  BrsPredictor predictor(*network(at::kFloat), given);
  predictor.begin(pixels());
  const Tensor first = predictor.add({.u = 30, .v = 20, .target = 1}).clone();
  const auto is_zero = [&] { return std::ranges::all_of(predictor.variables(), [](double x) { return x == 0; }); };
  EXPECT_TRUE(is_zero()) << "a first click is not refined";
  predictor.add(against(first.logit().view({1, 1, kHeight, kWidth}), 70, 41));
  EXPECT_FALSE(is_zero());
  EXPECT_FALSE(predictor.optimised().has_value()) << "L-BFGS-B has no part in it";
  const std::vector<double> kept = predictor.variables();
  given.consistency->iterations = 0;
  BrsPredictor unrefined(*network(at::kFloat), given);
  unrefined.begin(pixels());
  unrefined.add({.u = 30, .v = 20, .target = 1});
  unrefined.set_variables(kept);
  unrefined.add({.u = 10, .v = 50, .target = 1});
  EXPECT_EQ(unrefined.variables(), kept) << "the next click begins there";
  predictor.begin(pixels());
  EXPECT_TRUE(is_equal(predictor.add({.u = 30, .v = 20, .target = 1}), first));
}

TEST_P(ConsistencyClick, ARadiusFreesWhatItReachesAndIsChosenWhereThereIsNone) {
  const BrsOptions given = options();
  const BrsFrame frame = this->frame(given, {});
  PromptClick click = against(own(frame), 70, 41);
  const auto with_radius = [&](std::optional<double> radius) {
    click.radius = radius;
    return refined(frame, {click}, given);
  };
  const Tensor narrow = with_radius(3), wide = with_radius(40);
  EXPECT_FALSE(is_equal(narrow, wide));
  EXPECT_GT(click.target * wide[0][0][41][70].item<double>(), click.target * narrow[0][0][41][70].item<double>());
  const double reach = auto_radius({}, own(frame)[0][0] > 0, click.u, click.v);
  EXPECT_TRUE(is_equal(with_radius(std::nullopt), with_radius(reach)));
}

INSTANTIATE_TEST_SUITE_P(Inputs, ConsistencyClick, testing::Values(BrsKind::rgb, BrsKind::distmap),
                         [](const auto& each) { return each.param == BrsKind::rgb ? "Rgb" : "DistMap"; });

}  // namespace
}  // namespace gbrs::test
