// SPDX-License-Identifier: Apache-2.0
// matte-mnv2 with random weights: what must hold whatever they are.

#include "networks/matte_mnv2.hpp"

#include <ATen/Parallel.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>

#include "networks/registry.hpp"
#include "support/tensors.hpp"
#include "training/tensor_files.hpp"

namespace gbrs::test {
namespace {

TensorMap weights(at::ScalarType type = at::kFloat) {
  auto made = initial_weights(std::string(MatteMnv2::kName), std::nullopt, 5);
  EXPECT_TRUE(made);
  for (auto& [key, value] : *made) value = value.to(type);
  return std::move(*made);
}

/// Object on the left, background on the right, a band of `width` between.
Tensor frame(std::int64_t height, std::int64_t width, std::int64_t band) {
  Tensor trimap = at::zeros({height, width, 1}, at::kByte);
  trimap.narrow(1, 0, (width - band) / 2).fill_(255);
  trimap.narrow(1, (width - band) / 2, band).fill_(128);
  return at::cat({(wavy({height, width, 3}) * 127 + 128).to(at::kByte), trimap}, 2);
}

Insertions layers(LayerType type, std::vector<std::string> sites) {
  return Insertions({.type = type, .sites = std::move(sites), .is_scaled = true});
}

Tensor answer(const Network& network, const Tensor& pixels, Insertions& insertions) {
  const auto encoded = network.encode(pixels);
  return network.decode(*network.condition(*encoded, {}), insertions);
}

Tensor answer(const Network& network, const Tensor& pixels) {
  Insertions none = layers(LayerType::none, {});
  return answer(network, pixels, none);
}

TEST(MatteMnv2, AnswersAlphaAtTheFramesSize) {
  const auto network = make_network(MatteMnv2::kName, Weights(weights()));
  for (const auto& [height, width] : {std::pair{17, 17}, {49, 65}, {65, 33}})
    EXPECT_EQ(answer(*network, frame(height, width, 9)).sizes(), (std::vector<std::int64_t>{1, 1, height, width}));
}

TEST(MatteMnv2, WhatTheTrimapKnowsIsFixedWhateverIsInserted) {
  const MatteMnv2 network{Weights(weights())};
  const Tensor pixels = frame(49, 65, 21);
  const Tensor trimap = pixels.select(2, 3).view({1, 1, 49, 65});
  for (const std::string& site : network.sites()) {
    Insertions insertions = layers(LayerType::sb, {site});
    const Tensor before = answer(network, pixels, insertions).detach().clone();
    for (const Tensor& parameter : insertions.parameters()) parameter.detach().add_(3);
    const Tensor after = answer(network, pixels, insertions).detach();
    EXPECT_TRUE(after.masked_select(trimap == 255).eq(1).all().item<bool>()) << site;
    EXPECT_TRUE(after.masked_select(trimap == 0).eq(0).all().item<bool>()) << site;
    EXPECT_GT((after - before).abs().masked_select(trimap == 128).max().item<double>(), 0.01) << site;
  }
}

TEST(MatteMnv2, AnyOtherValueOfTheTrimapIsUnknown) {
  const MatteMnv2 network{Weights(weights())};
  Tensor pixels = frame(33, 49, 15);
  const Tensor expected = answer(network, pixels);
  Tensor trimap = pixels.select(2, 3);
  trimap.copy_(at::where(trimap == 128, at::full({}, 1, at::kByte), trimap));
  EXPECT_TRUE(is_equal(answer(network, pixels), expected));
  trimap.copy_(at::where(trimap == 1, at::full({}, 254, at::kByte), trimap));
  EXPECT_TRUE(is_equal(answer(network, pixels), expected));
}

TEST(MatteMnv2, TheAnswerDependsOnColoursAndTrimap) {
  const MatteMnv2 network{Weights(weights())};
  const Tensor pixels = frame(49, 65, 33), unknown = frame(49, 65, 17).select(2, 3) == 128;
  const Tensor before = answer(network, pixels);
  Tensor lighter = pixels.clone();
  lighter.narrow(2, 0, 3).div_(2, "floor");
  const Tensor narrower = frame(49, 65, 17);
  for (const Tensor& changed : {lighter, narrower}) {
    const Tensor difference = (answer(network, changed) - before).abs().select(0, 0).select(0, 0);
    EXPECT_GT(difference.masked_select(unknown).max().item<double>(), 1e-3);
  }
}

TEST(MatteMnv2, GradientsReachTheLayersOfEverySite) {
  const MatteMnv2 network{Weights(weights())};
  const Tensor pixels = frame(49, 65, 21);
  const std::vector<std::int64_t> channels{96, 64, 32}, heights{7, 13, 25}, widths{9, 17, 33};
  Insertions insertions = layers(LayerType::sb, network.sites());
  answer(network, pixels, insertions).square().sum().backward();
  for (const Tensor& parameter : insertions.parameters()) {
    ASSERT_TRUE(parameter.grad().defined());
    EXPECT_GT(parameter.grad().abs().max().item<double>(), 0);
  }
  const auto values = insertions.values();
  ASSERT_EQ(values.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_EQ(values[i].shape, (std::vector<std::int64_t>{1, channels[i], heights[i], widths[i]}));
}

TEST(MatteMnv2, GradientsOfTheLayersAreThoseOfDifferences) {
  const MatteMnv2 network{Weights(weights(at::kDouble))};
  const Tensor pixels = frame(33, 33, 15);
  const auto encoded = network.encode(pixels);
  const auto conditioned = network.condition(*encoded, {});
  Insertions insertions = layers(LayerType::sb, network.sites());
  (void)network.decode(*conditioned, insertions);
  // away from the beginning, where features are 0 in many places and so are random weights' biases: a corner of ReLU
  for (const Tensor& parameter : insertions.parameters()) parameter.detach().add_(wavy(parameter.sizes(), 0.2), 0.1);
  network.decode(*conditioned, insertions).square().sum().backward();
  const double step = 1e-6;
  for (const Tensor& parameter : insertions.parameters()) {
    const double expected = parameter.grad().flatten()[1].item<double>();
    const at::NoGradGuard no_grad;
    Tensor entry = parameter.detach().flatten()[1];
    const auto loss_at = [&](double value) {
      entry.fill_(value);
      return network.decode(*conditioned, insertions).square().sum().item<double>();
    };
    const double middle = entry.item<double>();
    const double found = (loss_at(middle + step) - loss_at(middle - step)) / (2 * step);
    entry.fill_(middle);
    EXPECT_NEAR(found, expected, 1e-4 * std::max(1.0, std::abs(expected)));
  }
}

TEST(MatteMnv2, ColoursOfTheInputHaveGradients) {
  const MatteMnv2 network{Weights(weights())};
  Tensor input = network.normalised(frame(33, 49, 15)).requires_grad_();
  const auto encoded = network.encode_input(input);
  Insertions none = layers(LayerType::none, {});
  network.decode(*network.condition(*encoded, {}), none).square().sum().backward();
  ASSERT_TRUE(input.grad().defined());
  EXPECT_GT(input.grad().narrow(1, 0, 3).abs().max().item<double>(), 0);
}

TEST(MatteMnv2, BatchesOfTrainingAnswerAsFramesDo) {
  const MatteMnv2 network{Weights(weights())};
  const at::NoGradGuard no_grad;
  const Tensor one = frame(49, 65, 21), other = frame(49, 65, 9);
  const Tensor input = at::cat({network.normalised(one), network.normalised(other)});
  const Tensor both = network.alpha(network.given(input));
  EXPECT_TRUE(is_near(both.narrow(0, 0, 1), answer(network, one), 1e-4));
  EXPECT_TRUE(is_near(both.narrow(0, 1, 1), answer(network, other), 1e-4));
}

TEST(MatteMnv2, FramesOfOtherSizesAreRefused) {
  const MatteMnv2 network{Weights(weights())};
  EXPECT_THROW((void)network.encode(at::zeros({64, 97, 4}, at::kByte)), std::invalid_argument);
}

TEST(MatteMnv2, BeginsWithWhatSegmentationByClicksHasLearned) {
  const auto path = std::filesystem::path(std::getenv("GBRS_MODELS")) / "segment-small/weights.safetensors";
  const auto begun = initial_weights(std::string(MatteMnv2::kName), path, 1);
  ASSERT_TRUE(begun) << begun.error().detail;
  const auto clicks = read_tensors(path);
  ASSERT_TRUE(clicks);
  const auto old = [&](const std::string& key) { return clicks->tensors.at(key).to(at::kFloat); };
  EXPECT_TRUE(begun->at("encoder.expanded_conv_9.project.weight").equal(old("encoder.expanded_conv_9.project.weight")));
  EXPECT_TRUE(begun->at("trimap.enter.weight").equal(old("clicks.enter.weight")));
  // object and background where the regions of including and excluding clicks were
  EXPECT_TRUE(begun->at("trimap.half.weight").narrow(1, 0, 2).equal(old("clicks.half.weight").narrow(1, 3, 2)));
  EXPECT_FALSE(begun->contains("half.logit.weight"));
}

}  // namespace
}  // namespace gbrs::test
