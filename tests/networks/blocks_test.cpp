// SPDX-License-Identifier: Apache-2.0
// What networks are made of beside convolutions: folded batch norm, transposed convolutions, the chain of sites.

#include <ATen/ops/batch_norm.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/conv_transpose2d.h>
#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>

#include "networks/batch_norm.hpp"
#include "networks/settings.hpp"
#include "networks/tail.hpp"
#include "networks/transposed_convolution.hpp"
#include "support/tensors.hpp"

namespace gbrs::test {
namespace {

TEST(BatchNorm, FoldedOrNotItIsTorchs) {
  for (const bool has_bias : {false, true}) {
    std::map<std::string, Tensor> tensors{{"c.weight", wavy({6, 4, 3, 3})},
                                          {"n.weight", wavy({6}, 1) + 1.5},
                                          {"n.bias", wavy({6}, 2)},
                                          {"n.running_mean", wavy({6}, 3)},
                                          {"n.running_var", wavy({6}, 4) + 1.2},
                                          {"n.num_batches_tracked", at::zeros({})}};
    if (has_bias) tensors.emplace("c.bias", wavy({6}, 5));
    const Tensor x = wavy({2, 4, 7, 5});
    const Tensor plain = at::conv2d(x, tensors.at("c.weight"), has_bias ? tensors.at("c.bias") : Tensor(), 1, 1);
    const Tensor expected = at::batch_norm(plain, tensors.at("n.weight"), tensors.at("n.bias"),
                                           tensors.at("n.running_mean"), tensors.at("n.running_var"),
                                           /*training=*/false, /*momentum=*/0.1, /*eps=*/1e-3, /*cudnn_enabled=*/false);
    Weights weights(tensors);
    const Convolution folded =
        take_normed(weights, "c", "n", {.in = 4, .out = 6, .kernel = 3, .has_bias = has_bias}, 1e-3);
    EXPECT_NO_THROW(weights.expect_empty());
    EXPECT_TRUE(is_near(folded(x), expected, 1e-12));
    Weights again(tensors);
    EXPECT_TRUE(is_near(take_batch_norm(again, "n", 6, 1e-3)(plain), expected, 1e-12));
  }
}

TEST(TransposedConvolution, ValueAndGradientAreThoseOfTorch) {
  for (const std::int64_t kernel : {2, 3}) {
    const Tensor weight = wavy({5, 4, kernel, kernel}, 1);
    Weights weights(std::map<std::string, Tensor>{{"up.weight", weight}});
    const TransposedConvolution layer = take_transposed_convolution(weights, "up", 5, 4, kernel);
    const Tensor x = wavy({2, 5, 3, 7}).set_requires_grad(true);
    const Tensor reference = x.detach().clone().set_requires_grad(true);
    const Tensor y = layer(x);
    const Tensor expected = kernel == 2 ? at::conv_transpose2d(reference, weight, {}, 2)
                                        : at::conv_transpose2d(reference, weight, {}, 2, /*padding=*/1,
                                                               /*output_padding=*/1);
    ASSERT_EQ(y.sizes(), expected.sizes());
    EXPECT_TRUE(is_near(y, expected, 1e-12));
    const Tensor cotangent = wavy(y.sizes(), 2);
    (y * cotangent).sum().backward();
    (expected * cotangent).sum().backward();
    EXPECT_TRUE(is_near(x.grad(), reference.grad(), 1e-12));
  }
}

TEST(Weights, ShapesAreSeenBeforeTheyAreTaken) {
  Weights weights(std::map<std::string, Tensor>{{"a.weight", at::zeros({4, 3, 1, 1})},
                                                {"empty", at::zeros({0, 3})},
                                                {"loss.x", at::zeros({1})},
                                                {"loss.y", at::zeros({1})}});
  EXPECT_EQ(weights.shape("a.weight", 4), (std::vector<std::int64_t>{4, 3, 1, 1}));
  EXPECT_THROW((void)weights.shape("a.weight", 2), WeightError);
  EXPECT_THROW((void)weights.shape("empty", 2), WeightError);
  EXPECT_THROW((void)weights.shape("b.weight", 4), WeightError);
  (void)weights.take("a.weight", {4, 3, 1, 1});
  EXPECT_FALSE(weights.has("a.weight"));
  EXPECT_THROW((void)weights.shape("a.weight", 4), WeightError);
  weights.drop("empty");
  weights.drop("was never there");
  weights.drop_all("loss.");
  EXPECT_NO_THROW(weights.expect_empty());
}

TEST(Weights, AreReadWithoutDenormalsUnlessTheyLearn) {
  const Tensor values = at::tensor({1.0, -2e-39, 1e-30, -0.5}, at::kFloat);
  Weights frozen(std::map<std::string, Tensor>{{"w", values}});
  EXPECT_TRUE(is_equal(frozen.take("w", {4}), at::tensor({1.0, 0.0, 0.0, -0.5}, at::kFloat)));
  const Tensor learned = values.clone().set_requires_grad(true);
  Weights learning(std::map<std::string, Tensor>{{"w", learned}});
  EXPECT_TRUE(learning.take("w", {4}).is_same(learned));
}

TEST(Tail, BeginsWhereSomethingIsInserted) {
  constexpr std::array<std::string_view, 3> sites{"first", "second", "third"};
  std::vector<std::size_t> computed;
  const auto part = [&](std::size_t site, const Tensor& x) {
    computed.push_back(site);
    return x * 2;
  };
  const auto features = site_features(wavy({1, 2, 3, 3}), sites.size(), part);
  EXPECT_EQ(computed, (std::vector<std::size_t>{0, 1}));
  const auto parts_with = [&](std::vector<std::string> inserted) {
    computed.clear();
    Insertions insertions({.type = LayerType::sb, .sites = std::move(inserted)});
    EXPECT_TRUE(is_equal(run_tail(sites, features, insertions, part).detach(), features[0] * 8));
    EXPECT_EQ(insertions.parameters().size(), computed.size() == 1 && insertions.values().empty() ? 0U : 2U);
    return computed;
  };
  EXPECT_EQ(parts_with({}), (std::vector<std::size_t>{2}));
  EXPECT_EQ(parts_with({"third"}), (std::vector<std::size_t>{2}));
  EXPECT_EQ(parts_with({"second"}), (std::vector<std::size_t>{1, 2}));
  EXPECT_EQ(parts_with({"first"}), (std::vector<std::size_t>{0, 1, 2}));
}

TEST(Settings, NumbersAreReadOrRefused) {
  const Settings settings({{"output_stride", "8"}, {"focal", "518.8579"}, {"scales", "0.5,1.0"}});
  EXPECT_EQ(settings.number("output_stride", 16), 8);
  EXPECT_EQ(settings.number("focal", 1), 518.8579);
  EXPECT_EQ(settings.number("max_depth", 10), 10);
  EXPECT_EQ(settings.text("scales", ""), "0.5,1.0");
  EXPECT_THROW((void)settings.number("scales", 1), std::invalid_argument);
}

}  // namespace
}  // namespace gbrs::test
