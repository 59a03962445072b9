// SPDX-License-Identifier: Apache-2.0
// segment-mnv2 with the shipped weights against a stored run of another implementation, level by level, and
// its parts against torch's own operators.

#include "networks/segment_mnv2.hpp"

#include <ATen/Parallel.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>

#include <cmath>

#include "refine/load_weights.hpp"
#include "support/npy.hpp"
#include "support/tensors.hpp"

namespace gbrs::test {
namespace {

std::map<std::string, Tensor> read_weights() {
  const char* models = std::getenv("GBRS_MODELS");
  const auto file = Safetensors::read(std::filesystem::path(models != nullptr ? models : "models") /
                                      "segment-small/weights.safetensors");
  if (!file) throw std::runtime_error(file.error().message);
  std::map<std::string, Tensor> tensors;
  for (const TensorEntry& entry : file->entries())
    tensors.emplace(entry.name, gbrs::to_tensor(*file, entry).to(at::kFloat));
  return tensors;
}

const SegmentMnv2& network() {
  static const SegmentMnv2 network(SegmentMnv2::kLate, Weights(read_weights()));
  return network;
}

const std::filesystem::path& fixture() {
  static const std::filesystem::path folder = test_data() / "real_segment_sketch";
  return folder;
}

Tensor stored(const std::string& name) {
  const Npy npy = read_npy(fixture() / (name + ".npy"));
  return at::tensor(npy.values, at::kDouble).view(npy.shape).unsqueeze(0).to(at::kFloat);
}

TEST(SegmentMnv2, EveryLevelIsThatOfTheReference) {
  std::ifstream stream(fixture() / "meta.json");
  const auto spread = nlohmann::json::parse(stream).at("spread");
  const SegmentMnv2::Levels levels = network().levels(stored("input"), stored("clicks"));
  const std::map<std::string, Tensor> actual{{"f2", levels.skips.half},   {"f4", levels.skips.quarter},
                                             {"f8", levels.skips.eighth}, {"f16", levels.sixteenth},
                                             {"context", levels.context}, {"eighth", levels.eighth},
                                             {"quarter", levels.quarter}, {"logits", levels.logits}};
  for (const auto& [name, tensor] : actual) {
    // ten times what float32 differs from float64, or one order of summation from another
    const auto& entry = spread.at(name);
    const double tolerance =
        10 * std::max(entry.at("f32_vs_f64").get<double>(), entry.at("onednn_vs_plain").get<double>());
    const std::int64_t step = entry.at("channel_step");
    EXPECT_EQ(tensor.sizes(), at::IntArrayRef(entry.at("shape").get<std::vector<std::int64_t>>())) << name;
    EXPECT_TRUE(is_near(tensor.slice(1, 0, std::nullopt, step), stored(name), tolerance)) << name;
  }
}

TEST(SegmentMnv2, Float32FollowsFloat64AtEveryFrameAndWithTwoThreads) {
  std::map<std::string, Tensor> wide = read_weights();
  for (auto& [key, value] : wide) value = value.to(at::kDouble);
  const SegmentMnv2 reference(SegmentMnv2::kLate, Weights(std::move(wide)));
  for (const auto& [height, width] : {std::pair{17, 17}, {33, 49}}) {
    const Tensor input = wavy({1, 3, height, width}, 0.5), clicks = wavy({1, 3, height, width}, 0.7).abs();
    const Tensor expected = reference.levels(input, clicks).logits;
    for (const int threads : {1, 2}) {
      at::set_num_threads(threads);
      const Tensor actual = network().levels(input.to(at::kFloat), clicks.to(at::kFloat)).logits;
      // 30 layers of float32; the stored fixture's spread is 8e-6 at values up to 11
      EXPECT_TRUE(is_near(actual, expected, 1e-4 * expected.abs().max().item<double>())) << height << " x " << width;
    }
  }
  at::set_num_threads(1);
}

TEST(SegmentMnv2, EncodeConditionDecodeGivesWhatTheLevelsGive) {
  const Tensor frame = (wavy({65, 97, 3}) * 127 + 128).to(at::kByte);
  const std::vector<PromptClick> clicks{{30, 20, 1}, {80, 50, -1}};
  const Prompt prompt{.clicks = clicks, .previous = {}};
  const auto encoded = network().encode(frame);
  const auto conditioned = network().condition(*encoded, prompt);
  Insertions insertions({.type = LayerType::bmconv, .sites = {"eighth"}, .is_scaled = true});
  const Tensor answer = network().decode(*conditioned, insertions);
  const Tensor input = frame.to(at::kFloat).permute({2, 0, 1}).unsqueeze(0) / 127.5 - 1;
  const Tensor maps = click_maps(prompt, 3, 65, 97, at::TensorOptions().dtype(at::kFloat));
  EXPECT_TRUE(is_equal(answer.detach(), network().levels(input, maps).logits));
  EXPECT_EQ(insertions.values()[0].shape, (std::vector<std::int64_t>{1, 96, 9, 13}));
  EXPECT_TRUE(answer.requires_grad());
}

TEST(SegmentMnv2, ClickMapsAreDiscsOfRadiusFiveAndThePreviousProbability) {
  const std::vector<PromptClick> clicks{{10, 7, 1}, {0, 16, -1}, {20.5, 7, 1}};
  const Tensor maps = click_maps({.clicks = clicks, .previous = {}}, 3, 17, 33, at::TensorOptions().dtype(at::kFloat));
  for (int y = 0; y < 17; ++y) {
    for (int x = 0; x < 33; ++x) {
      const bool included = std::hypot(x - 10, y - 7) <= 5 || std::hypot(x - 20.5, y - 7) <= 5;
      EXPECT_EQ(maps[0][0][y][x].item<float>(), included ? 1 : 0);
      EXPECT_EQ(maps[0][1][y][x].item<float>(), std::hypot(x, y - 16) <= 5 ? 1 : 0);
      EXPECT_EQ(maps[0][2][y][x].item<float>(), 0);
    }
  }
  const Tensor previous = at::ones({1, 1, 9, 17}) * 2;
  const Tensor with =
      click_maps({.clicks = clicks, .previous = previous}, 3, 17, 33, at::TensorOptions().dtype(at::kFloat));
  EXPECT_NEAR(with[0][2][3][5].item<double>(), 1 / (1 + std::exp(-2.0)), 1e-6);
}

TEST(SegmentMnv2, GivenRadiiFillMapsOfTheirOwn) {
  const std::vector<PromptClick> clicks{{10, 7, 1, 7.5}, {0, 16, -1, 2}, {25, 7, 1}, {30, 3, -1, 0}};
  const Tensor maps = click_maps({.clicks = clicks, .previous = {}}, 5, 17, 33, at::TensorOptions().dtype(at::kFloat));
  for (int y = 0; y < 17; ++y) {
    for (int x = 0; x < 33; ++x) {
      EXPECT_EQ(maps[0][3][y][x].item<float>(), std::hypot(x - 10, y - 7) <= 7.5 ? 1 : 0);
      EXPECT_EQ(maps[0][4][y][x].item<float>(), std::hypot(x, y - 16) <= 2 || (x == 30 && y == 3) ? 1 : 0);
    }
  }
}

/// What the late network computes, with clicks that may enter the encoder but do not yet.
std::map<std::string, Tensor> widened(std::map<std::string, Tensor> tensors) {
  Tensor& half = tensors.at("clicks.half.weight");
  half = at::cat({half, at::zeros({16, 2, 3, 3})}, 1);
  tensors.emplace("clicks.enter.weight", at::zeros({32, 32, 1, 1}));
  tensors.emplace("clicks.enter.bias", at::zeros({32}));
  return tensors;
}

TEST(SegmentMnv2, EnteringClicksThatAddNothingChangeNothing) {
  const SegmentMnv2 entering(SegmentMnv2::kEntering, Weights(widened(read_weights())));
  const Tensor input = wavy({2, 3, 33, 49}, 0.5).to(at::kFloat);
  const Tensor maps = wavy({2, 5, 33, 49}, 0.7).abs().to(at::kFloat);
  const Tensor expected = network().levels(input, maps.slice(1, 0, 3)).logits;
  EXPECT_TRUE(is_near(entering.levels(input, maps).logits, expected, 1e-4 * expected.abs().max().item<double>()));
}

TEST(SegmentMnv2, EnteringClicksReachTheEncoder) {
  auto tensors = widened(read_weights());
  tensors.at("clicks.enter.weight") = wavy({32, 32, 1, 1}, 0.3).to(at::kFloat) * 0.2;
  const SegmentMnv2 entering(SegmentMnv2::kEntering, Weights(std::move(tensors)));
  const Tensor input = wavy({1, 3, 33, 49}, 0.5).to(at::kFloat);
  const Tensor none = at::zeros({1, 5, 33, 49});
  const Tensor some = wavy({1, 5, 33, 49}, 0.7).abs().to(at::kFloat);
  const auto before = entering.levels(input, none), after = entering.levels(input, some);
  EXPECT_TRUE(is_equal(before.skips.eighth, after.skips.eighth));
  EXPECT_GT((before.sixteenth - after.sixteenth).abs().max().item<double>(), 0.01);
}

TEST(SegmentMnv2, WeightsThatAskForGradientsGetThem) {
  auto tensors = widened(read_weights());
  std::vector<std::string> trained;
  for (auto& [key, value] : tensors) {
    if (key.starts_with("encoder.") && key.find("conv_16") == std::string::npos) continue;
    value.requires_grad_();
    trained.push_back(key);
  }
  const SegmentMnv2 entering(SegmentMnv2::kEntering, Weights(tensors));
  const Tensor input = wavy({2, 3, 33, 49}, 0.5).to(at::kFloat);
  const Tensor maps = wavy({2, 5, 33, 49}, 0.7).abs().to(at::kFloat);
  entering.levels(input, maps).logits.square().mean().backward();
  for (const std::string& key : trained) {
    ASSERT_TRUE(tensors.at(key).grad().defined()) << key;
    EXPECT_GT(tensors.at(key).grad().abs().max().item<double>(), 0) << key;
  }
}

TEST(SegmentMnv2, FramesOfOtherSizesAreRefused) {
  EXPECT_THROW((void)network().encode(at::zeros({64, 97, 3}, at::kByte)), std::invalid_argument);
  EXPECT_THROW((void)network().encode(at::zeros({1, 97, 3}, at::kByte)), std::invalid_argument);
}

TEST(SegmentMnv2, WeightsThatDoNotBelongToItAreNamed) {
  const auto message = [](std::map<std::string, Tensor> tensors) -> std::string {
    try {
      const SegmentMnv2 made(SegmentMnv2::kLate, Weights(std::move(tensors)));
      return "";
    } catch (const WeightError& error) {
      return error.what();
    }
  };
  auto missing = read_weights();
  missing.erase("half.logit.bias");
  EXPECT_EQ(message(missing), "missing key half.logit.bias");
  auto foreign = read_weights();
  foreign.emplace("classifier.weight", at::ones({2}));
  EXPECT_EQ(message(foreign), "unknown key classifier.weight");
  auto misshaped = read_weights();
  misshaped.at("eighth.skip.weight") = at::ones({32, 31, 1, 1});
  EXPECT_EQ(message(misshaped), "key eighth.skip.weight: shape [32, 31, 1, 1], expected [32, 32, 1, 1]");
}

}  // namespace
}  // namespace gbrs::test
