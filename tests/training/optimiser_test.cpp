// SPDX-License-Identifier: Apache-2.0
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros_like.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "support/tensors.hpp"
#include "training/adamw.hpp"
#include "training/ellipses.hpp"
#include "training/learned_weights.hpp"
#include "training/loss.hpp"

namespace gbrs::test {
namespace {

LearningTensor learning(double value, double factor = 1, bool decays = true) {
  LearningTensor tensor{.value = at::tensor(std::vector<double>{value}, at::kDouble).set_requires_grad(true),
                        .rate_factor = factor,
                        .decays = decays,
                        .first = {},
                        .second = {}};
  tensor.first = at::zeros_like(tensor.value.detach());
  tensor.second = at::zeros_like(tensor.value.detach());
  return tensor;
}

TEST(AdamW, FollowsTheWrittenFormula) {
  std::vector<LearningTensor> tensors{learning(0.7), learning(0.7, 0.25, false)};
  AdamW adam(0.99, 0.1, 0);
  struct Scalar {
    double value = 0.7, first = 0, second = 0;
  };
  std::array<Scalar, 2> expected;
  for (int t = 1; t <= 25; ++t) {
    const double rate = 0.01 / t;
    for (const LearningTensor& tensor : tensors) (tensor.value * tensor.value * tensor.value).sum().backward();
    double squares = 0;
    for (std::size_t i = 0; i < 2; ++i) {
      Scalar& s = expected[i];
      const double g = 3 * s.value * s.value, own_rate = rate * (i == 0 ? 1 : 0.25);
      squares += g * g;
      s.first = 0.9 * s.first + 0.1 * g;
      s.second = 0.99 * s.second + 0.01 * g * g;
      if (i == 0) s.value *= 1 - own_rate * 0.1;
      s.value -= own_rate * (s.first / (1 - std::pow(0.9, t))) / (std::sqrt(s.second / (1 - std::pow(0.99, t))) + 1e-8);
    }
    EXPECT_NEAR(adam.step(tensors, rate), std::sqrt(squares), 1e-13);
    for (std::size_t i = 0; i < 2; ++i) EXPECT_NEAR(tensors[i].value.item<double>(), expected[i].value, 1e-13) << t;
  }
}

TEST(AdamW, ClipsTheCommonNormAndSkipsWhatIsNotFinite) {
  std::vector<LearningTensor> tensors{learning(1), learning(1)};
  AdamW adam(0.99, 0, 0.5);
  (tensors[0].value * 3 + tensors[1].value * 4).sum().backward();
  EXPECT_NEAR(adam.step(tensors, 0.1), 5, 1e-12);
  EXPECT_NEAR(tensors[0].first.item<double>(), 0.1 * 3 * 0.1, 1e-12);  // (1 - beta1) times the gradient of norm 0.5
  EXPECT_NEAR(tensors[1].first.item<double>(), 0.1 * 4 * 0.1, 1e-12);
  const double before = tensors[0].value.item<double>();
  (tensors[0].value * std::numeric_limits<double>::infinity()).sum().backward();
  EXPECT_FALSE(std::isfinite(adam.step(tensors, 0.1)));
  EXPECT_EQ(tensors[0].value.item<double>(), before);
  EXPECT_EQ(adam.steps(), 1);
  EXPECT_FALSE(tensors[0].value.grad().defined());
}

TEST(LearnedWeights, HandOutGradientsAndKeepTheirMean) {
  const TensorMap tensors{{"encoder.Conv.weight", at::ones({2, 2, 3, 3})},
                          {"encoder.expanded_conv_10.expand.weight", at::ones({2, 2, 1, 1})},
                          {"head.weight", at::ones({2, 2, 1, 1})},
                          {"head.bias", at::ones({2})}};
  OptimiserRecipe recipe;
  recipe.factors = {{"encoder.", 0.1}};
  recipe.average = 0.5;
  auto weights = LearnedWeights::make(tensors, recipe);
  ASSERT_TRUE(weights);
  EXPECT_EQ(weights->learning_count(), 3U);
  const TensorMap step = weights->for_step(at::kBFloat16);
  EXPECT_EQ(step.at("encoder.Conv.weight").scalar_type(), at::kFloat);  // the shallow part, as answers are computed
  EXPECT_FALSE(step.at("encoder.Conv.weight").requires_grad());
  EXPECT_EQ(step.at("head.weight").scalar_type(), at::kBFloat16);
  (step.at("head.weight").sum() + step.at("head.bias").sum() + step.at("encoder.expanded_conv_10.expand.weight").sum())
      .backward();
  weights->step(0.01);
  const TensorMap mean = weights->averaged(), state = weights->state();
  EXPECT_EQ(mean.size(), 4U);
  const auto moved = [&](const std::string& key) { return 1 - state.at("value/" + key).max().item<double>(); };
  EXPECT_NEAR(moved("head.weight"), 0.01 + 0.01 * 1e-4, 1e-6);
  EXPECT_NEAR(moved("head.bias"), 0.01, 1e-6);
  EXPECT_NEAR(moved("encoder.expanded_conv_10.expand.weight"), 0.001, 1e-6);
  // after one step of ten the mean keeps a tenth of the beginning
  EXPECT_NEAR(1 - mean.at("head.bias").max().item<double>(), 0.01 * 0.9, 1e-6);
  EXPECT_TRUE(mean.at("encoder.Conv.weight").eq(1).all().item<bool>());
}

TEST(LearnedWeights, RefusePrefixesThatFitNothing) {
  OptimiserRecipe recipe;
  recipe.frozen = {"decoder."};
  const auto weights = LearnedWeights::make({{"head.weight", at::ones({2, 2, 1, 1})}}, recipe);
  ASSERT_FALSE(weights);
  EXPECT_NE(weights.error().message.find("decoder."), std::string::npos);
}

TEST(Loss, LeavesIgnoredPixelsOutAndWeighsTheBoundary) {
  cv::Mat truth = ellipse({65, 65}, {32, 32}, {20, 14}).truth;
  truth.rowRange(0, 20).setTo(kIgnored);
  LossRecipe recipe;
  recipe.boundary = 0;
  const GridTruth plain = make_grid_truth(truth, recipe);
  EXPECT_EQ(plain.labels.size(), cv::Size(33, 33));
  EXPECT_EQ(plain.labels.at<std::uint8_t>(16, 16), kObject);
  EXPECT_EQ(cv::countNonZero(plain.weights.rowRange(0, 10)), 0);
  EXPECT_EQ(cv::countNonZero(plain.weights == 1), 33 * 23);
  recipe.boundary = 2;
  const GridTruth weighted = make_grid_truth(truth, recipe);
  EXPECT_EQ(weighted.weights.at<float>(16, 16), 1);
  EXPECT_GT(cv::countNonZero(weighted.weights == 3), 30);
  EXPECT_EQ(cv::countNonZero(weighted.weights.rowRange(0, 10)), 0);
}

TEST(Loss, IsSmallForTheTruthAndFollowsTheFormula) {
  const Tensor labels = at::tensor(std::vector<double>{1, 1, 0, 0}, at::kDouble).view({1, 1, 2, 2});
  const Tensor weights = at::tensor(std::vector<double>{1, 3, 1, 0}, at::kDouble).view({1, 1, 2, 2});
  const Tensor logits = at::tensor(std::vector<double>{0.3, -0.2, 0.5, 9}, at::kDouble).view({1, 1, 2, 2});
  const auto p = [](double x) { return 1 / (1 + std::exp(-x)); };
  const double entropy = -(std::log(p(0.3)) + 3 * std::log(p(-0.2)) + std::log(1 - p(0.5))) / 5;
  const double both = p(0.3) + 3 * p(-0.2);
  const double either = (p(0.3) + 1) + 3 * (p(-0.2) + 1) + p(0.5) - both;
  EXPECT_NEAR(training_loss(logits, labels, weights, 2).item<double>(), entropy + 2 * (1 - both / either), 1e-5);
  EXPECT_LT(training_loss((labels - 0.5) * 40, labels, weights, 1).item<double>(), 1e-6);
}

TEST(Loss, OverlapCountsKnownPixelsOnly) {
  const cv::Mat truth = (cv::Mat_<std::uint8_t>(1, 5) << 1, 1, 0, 255, 0);
  const cv::Mat answer = (cv::Mat_<std::uint8_t>(1, 5) << 255, 0, 255, 255, 0);
  EXPECT_DOUBLE_EQ(overlap_of(answer, truth), 1.0 / 3);
}

}  // namespace
}  // namespace gbrs::test
