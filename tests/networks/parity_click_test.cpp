// SPDX-License-Identifier: Apache-2.0
// The interactive networks of f-BRS and RITM with generated weights against stored runs of the published code: every
// folder fbrs_* and ritm_* with case.json and keys.tsv. A run has two items: an image with its clicks, and its mirror
// image with other clicks.

#include <ATen/ops/from_blob.h>
#include <ATen/ops/logit.h>
#include <gtest/gtest.h>

#include "networks/convolution.hpp"
#include "support/parity.hpp"

namespace gbrs::test {
namespace {

class Click : public testing::TestWithParam<std::filesystem::path> {
 protected:
  Click() : case_(GetParam()), network_(network_of(GetParam(), case_)) {
    input_ = read_tensor(GetParam() / "input.npy", at::kFloat);
    if (input_.dim() == 3) input_ = input_.unsqueeze(0);
    is_raw_ = case_.architecture().starts_with("ritm");
  }

  void TearDown() override { network_->set_watch({}); }

  /// What encode_input takes: RITM's inputs are stored as R'G'B' of 0..1.
  Tensor image() const {
    const Tensor rgb = input_.narrow(1, 0, 3);
    return is_raw_ ? standardised(rgb[0].permute({1, 2, 0}) * 255, kImageNetMean, kImageNetDeviation, rgb) : rgb;
  }

  static std::vector<PromptClick> clicks(const Tensor& points) {
    std::vector<PromptClick> result;
    const std::int64_t slots = points.size(0);
    for (std::int64_t i = 0; i < slots; ++i) {
      const double v = points[i][0].item<double>(), u = points[i][1].item<double>();
      if (std::max(u, v) >= 0) result.push_back({.u = u, .v = v, .target = i < slots / 2 ? 1.0 : -1.0});
    }
    return result;
  }

  /// The features of an item, batches of one.
  void run(std::int64_t item, Features& features) {
    const auto placed = [&](const Tensor& x) { return item == 0 ? x : x.flip({3}); };
    const auto points = clicks(read_tensor(GetParam() / "input_points.npy")[item]);
    const bool has_previous = input_.size(1) == 4;
    const Tensor previous = has_previous ? placed(at::logit(input_.narrow(1, 3, 1))) : Tensor();
    features.record(*network_);
    const auto encoded = network_->encode_input(placed(image()));
    const auto conditioned = network_->condition(*encoded, {.clicks = points, .previous = previous});
    Insertions none({});
    features["logits"] = upsample(network_->decode(*conditioned, none), input_.size(2), input_.size(3));
    if (const Tensor* coarse = features.find("aux_low"))
      features["logits_aux"] = upsample(*coarse, input_.size(2), input_.size(3));
  }

  GeneratedCase case_;
  std::shared_ptr<Network> network_;
  Tensor input_;
  bool is_raw_;
};

TEST_P(Click, EveryFeatureIsThatOfThePublishedCode) {
  std::array<Features, 2> items;
  run(0, items[0]);
  run(1, items[1]);
  for (const auto& [name, entry] : case_.settings.at("tensors").items()) {
    const Tensor stored = read_tensor(GetParam() / entry.at("file").get<std::string>());
    const double tolerance = entry.at("tolerance_abs");
    double largest = 0, sum = 0;
    for (std::int64_t item = 0; item < 2; ++item) {
      const Tensor* feature = items[static_cast<std::size_t>(item)].find(name);
      ASSERT_NE(feature, nullptr) << "no feature " << name;
      const Tensor part = feature->slice(1, 0, std::nullopt, entry.at("channel_stride"));
      if (item < stored.size(0)) {
        EXPECT_TRUE(is_near(part, stored[item], tolerance)) << name << ", item " << item;
      }
      largest = std::max(largest, feature->abs().max().item<double>());
      sum += feature->to(at::kDouble).mean().item<double>() / 2;
    }
    // of both items, the second of which is stored for few tensors
    EXPECT_NEAR(largest, entry.at("max_abs").get<double>(), tolerance) << name;
    EXPECT_NEAR(sum, entry.at("mean").get<double>(), tolerance) << name;
  }
}

TEST_P(Click, ThePictureBecomesTheStoredInput) {
  const Tensor frame = read_tensor(GetParam() / "input_image_u8.npy", at::kByte);
  EXPECT_TRUE(is_near(network_->normalised(frame), image(), 1e-6));
}

TEST_P(Click, AnAnswerWithIdentityLayersAtEverySiteIsTheSame) {
  const auto points = clicks(read_tensor(GetParam() / "input_points.npy")[0]);
  const auto encoded = network_->encode_input(image());
  const auto conditioned = network_->condition(*encoded, {.clicks = points, .previous = {}});
  Insertions none({});
  const Tensor answer = network_->decode(*conditioned, none);
  expect_likeness(*network_, *encoded, *conditioned);
  for (const std::string& site : network_->sites()) {
    Insertions layers({.type = LayerType::sb, .sites = {site}});
    EXPECT_TRUE(is_equal(network_->decode(*conditioned, layers).detach(), answer)) << site;
    network_->decode(*conditioned, layers).sum().backward();
    for (const Tensor& parameter : layers.parameters()) {
      EXPECT_GT(parameter.grad().abs().max().item<double>(), 0) << site;
    }
  }
}

TEST_P(Click, TheGradientReachesTheInput) {
  const auto points = clicks(read_tensor(GetParam() / "input_points.npy")[0]);
  expect_input_gradient(*case_.make(at::kDouble), image(), {.clicks = points, .previous = {}});
}

TEST_P(Click, KeysThatDoNotBelongAreNamed) { expect_strict(case_.architecture(), case_.hollow()); }

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Click);
INSTANTIATE_TEST_SUITE_P(Parity, Click, testing::ValuesIn(parity_cases({"fbrs_", "ritm_"}, "keys.tsv")), FolderName());

}  // namespace
}  // namespace gbrs::test
