// SPDX-License-Identifier: Apache-2.0
// segment-mnv2, late and entering, with generated weights against a stored run of another implementation, level by
// level, and what must hold between its parts.

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

constexpr std::string_view kArchitectures[] = {SegmentMnv2::kLate, SegmentMnv2::kEntering};

/// Numbers of -1..1 by an integer hash, the same as in the implementation that made the stored levels.
Tensor hashed(const std::vector<std::int64_t>& shape, std::uint32_t stream) {
  std::vector<double> values(static_cast<std::size_t>(c10::multiply_integers(shape)));
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::uint32_t x = static_cast<std::uint32_t>(i) * 2654435761U + stream * 40503U * 65537U;
    x = (x ^ (x >> 16)) * 2246822519U;
    x = (x ^ (x >> 13)) * 3266489917U;
    x ^= x >> 16;
    values[i] = static_cast<double>(x) / 2147483648.0 - 1;
  }
  return at::tensor(values, at::kDouble).view(shape);
}

/// Weights for an architecture; their keys and shapes are those of the shipped model but for where the clicks enter.
std::map<std::string, Tensor> generated_weights(std::string_view architecture) {
  const char* models = std::getenv("GBRS_MODELS");
  const auto file = Safetensors::read(std::filesystem::path(models != nullptr ? models : "models") /
                                      "segment-small/weights.safetensors");
  if (!file) throw std::runtime_error(file.error().message);
  const bool is_entering = architecture == SegmentMnv2::kEntering;
  std::map<std::string, std::vector<std::int64_t>> shapes;
  for (const TensorEntry& entry : file->entries()) shapes.emplace(entry.name, entry.shape);
  shapes["clicks.half.weight"] = {16, is_entering ? 5 : 3, 3, 3};
  shapes["clicks.enter.weight"] = {32, 32, 1, 1};
  shapes["clicks.enter.bias"] = {32};
  if (!is_entering) std::erase_if(shapes, [](const auto& entry) { return entry.first.starts_with("clicks.enter"); });
  std::map<std::string, Tensor> tensors;
  std::uint32_t stream = 0;
  for (const auto& [key, shape] : shapes) {
    const double scale = shape.size() == 4 ? std::sqrt(6.0 / static_cast<double>(shape[1] * shape[2] * shape[3])) : 0.1;
    tensors.emplace(key, (hashed(shape, ++stream) * scale).to(at::kFloat));
  }
  return tensors;
}

const SegmentMnv2& network(std::string_view architecture = SegmentMnv2::kLate) {
  static const SegmentMnv2 late(SegmentMnv2::kLate, Weights(generated_weights(SegmentMnv2::kLate)));
  static const SegmentMnv2 entering(SegmentMnv2::kEntering, Weights(generated_weights(SegmentMnv2::kEntering)));
  return architecture == SegmentMnv2::kLate ? late : entering;
}

TEST(SegmentMnv2, EveryLevelIsThatOfAnotherImplementation) {
  for (const std::string_view architecture : kArchitectures) {
    const auto folder = test_data() / "segment_mnv2" / (architecture == SegmentMnv2::kLate ? "late" : "entering");
    std::ifstream stream(folder / "meta.json");
    const auto meta = nlohmann::json::parse(stream);
    const SegmentMnv2& made = network(architecture);
    const Tensor maps = hashed({1, 5, 65, 97}, 1002).abs().slice(1, 0, made.click_map_count()).to(at::kFloat);
    const SegmentMnv2::Levels levels = made.levels(hashed({1, 3, 65, 97}, 1001).to(at::kFloat), maps);
    const std::map<std::string, Tensor> actual{{"f2", levels.skips.half},   {"f4", levels.skips.quarter},
                                               {"f8", levels.skips.eighth}, {"f16", levels.sixteenth},
                                               {"context", levels.context}, {"eighth", levels.eighth},
                                               {"quarter", levels.quarter}, {"logits", levels.logits}};
    for (const auto& [name, tensor] : actual) {
      const auto& entry = meta.at("levels").at(name);
      const Npy npy = read_npy(folder / (name + ".npy"));
      const Tensor stored = at::tensor(npy.values, at::kDouble).view(npy.shape).unsqueeze(0).to(at::kFloat);
      const std::int64_t step = entry.at("channel_step");
      EXPECT_EQ(tensor.sizes(), at::IntArrayRef(entry.at("shape").get<std::vector<std::int64_t>>())) << name;
      // ten times what float32 differs from float64 in the other implementation: another order of summation
      EXPECT_TRUE(is_near(tensor.slice(1, 0, std::nullopt, step), stored, 10 * entry.at("f32_vs_f64").get<double>()))
          << architecture << " " << name;
    }
  }
}

TEST(SegmentMnv2, Float32FollowsFloat64AtEveryFrameAndWithTwoThreads) {
  std::map<std::string, Tensor> wide = generated_weights(SegmentMnv2::kLate);
  for (auto& [key, value] : wide) value = value.to(at::kDouble);
  const SegmentMnv2 reference(SegmentMnv2::kLate, Weights(std::move(wide)));
  for (const auto& [height, width] : {std::pair{17, 17}, {33, 49}}) {
    const Tensor input = wavy({1, 3, height, width}, 0.5), clicks = wavy({1, 3, height, width}, 0.7).abs();
    const Tensor expected = reference.levels(input, clicks).logits;
    for (const int threads : {1, 2}) {
      at::set_num_threads(threads);
      const Tensor actual = network().levels(input.to(at::kFloat), clicks.to(at::kFloat)).logits;
      // 30 layers of float32; the stored levels' spread is 1e-5 of the largest value
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
  EXPECT_TRUE(is_near(answer, network().levels(input, maps).logits, 1e-5)) << "but for the order of sums";
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
  const SegmentMnv2 entering(SegmentMnv2::kEntering, Weights(widened(generated_weights(SegmentMnv2::kLate))));
  const Tensor input = wavy({2, 3, 33, 49}, 0.5).to(at::kFloat);
  const Tensor maps = wavy({2, 5, 33, 49}, 0.7).abs().to(at::kFloat);
  const Tensor expected = network().levels(input, maps.slice(1, 0, 3)).logits;
  EXPECT_TRUE(is_near(entering.levels(input, maps).logits, expected, 1e-4 * expected.abs().max().item<double>()));
}

TEST(SegmentMnv2, EnteringClicksReachTheEncoder) {
  auto tensors = widened(generated_weights(SegmentMnv2::kLate));
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
  auto tensors = widened(generated_weights(SegmentMnv2::kLate));
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
  auto missing = generated_weights(SegmentMnv2::kLate);
  missing.erase("half.logit.bias");
  EXPECT_EQ(message(missing), "missing key half.logit.bias");
  auto foreign = generated_weights(SegmentMnv2::kLate);
  foreign.emplace("classifier.weight", at::ones({2}));
  EXPECT_EQ(message(foreign), "unknown key classifier.weight");
  auto misshaped = generated_weights(SegmentMnv2::kLate);
  misshaped.at("eighth.skip.weight") = at::ones({32, 31, 1, 1});
  EXPECT_EQ(message(misshaped), "key eighth.skip.weight: shape [32, 31, 1, 1], expected [32, 32, 1, 1]");
}

}  // namespace
}  // namespace gbrs::test
