// SPDX-License-Identifier: Apache-2.0
// The small pretrained networks on a photograph, feature by feature, against a stored run of another implementation:
// every folder real_NAME with meta.json, input.npy, perhaps photo.png, and an .npy for each feature. The weights are in
// the folder of $GBRS_WEIGHTS whose name the case's begins with.
//
// Tolerance: ten times what float32 differs from float64 or between two ways of summing in the stored run.

#include <ATen/ops/constant_pad_nd.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "networks/recognition.hpp"
#include "networks/registry.hpp"
#include "networks/segment_mnv2.hpp"
#include "refine/load_weights.hpp"
#include "support/parity.hpp"
#include "support/png.hpp"

namespace gbrs::test {
namespace {

constexpr std::string_view kPrefix = "real_";

/// A model that ships with the project.
std::filesystem::path shipped(std::string_view model) {
  const std::string models = std::getenv("GBRS_MODELS");
  return std::filesystem::path(models.substr(0, models.find(':'))) / model / "weights.safetensors";
}

std::filesystem::path weights_of(const std::filesystem::path& folder) {
  const char* root = std::getenv("GBRS_WEIGHTS");
  const std::string name = folder.filename().string().substr(kPrefix.size());
  if (root == nullptr || *root == '\0') {
    // the published weights have 16 bits themselves: those that ship are the same numbers
    return name == "deeplabv3_mnv2_voc" ? shipped("semantic-voc") : std::filesystem::path{};
  }
  std::filesystem::path best;
  for (const auto& entry : std::filesystem::directory_iterator(root)) {
    const std::string candidate = entry.path().filename().string();
    if (name.starts_with(candidate) && candidate.size() > best.filename().string().size()) best = entry.path();
  }
  if (best.empty()) throw std::runtime_error("GBRS_WEIGHTS has no weights for " + folder.string());
  return best / "model.safetensors";
}

std::map<std::string, Tensor> read_weights(const std::filesystem::path& path) {
  const auto file = Safetensors::read(path);
  if (!file) throw std::runtime_error(file.error().message);
  std::map<std::string, Tensor> tensors;
  for (const TensorEntry& entry : file->entries()) tensors.emplace(entry.name, to_tensor(*file, entry).to(at::kFloat));
  return tensors;
}

Recognised recognised(const std::map<std::string, Tensor>& weights) {
  WeightShapes shapes;
  for (const auto& [key, value] : weights) shapes.emplace(key, value.sizes().vec());
  const auto found = recognise(shapes);
  if (!found) throw std::runtime_error("weights of no known architecture");
  return *found;
}

/// One run of a network with its features under their names; the answer comes back.
Tensor run(Network& network, const Tensor& input, Features& features, const std::string& prefix = "") {
  features.record(network, prefix);
  const auto encoded = network.encode_input(input);
  const auto conditioned = network.condition(*encoded, {});
  Insertions none({});
  return network.decode(*conditioned, none);
}

class Real : public testing::TestWithParam<std::filesystem::path> {
 protected:
  void SetUp() override {
    const auto path = weights_of(GetParam());
    if (path.empty()) GTEST_SKIP() << "GBRS_WEIGHTS is not set: NOT tested with its real weights: " << GetParam();
    weights_ = read_weights(path);
    architecture_ = recognised(weights_).architecture;
    input_ = read_tensor(GetParam() / "input.npy", at::kFloat);
    if (input_.dim() == 3) input_ = input_.unsqueeze(0);
  }

  std::unique_ptr<Network> make(const Settings& settings = {}) {
    return make_network(architecture_, Weights(weights_), settings);
  }

  std::unique_ptr<Network> make_wide() {
    auto wide = weights_;
    for (auto& [key, value] : wide) value = value.to(at::kDouble);
    return make_network(architecture_, Weights(std::move(wide)));
  }

  /// Some frame of a size that the network takes.
  static Tensor frame(const Network& network) {
    const FrameSides sides = network.frame_sides();
    std::int64_t side = sides.rest;
    while (side < std::max<std::int64_t>(sides.least, 48)) side += sides.step;
    return (wavy({side, side + sides.step, 3}) * 127 + 128).to(at::kByte);
  }

  void compute(Features& features) {
    const std::int64_t height = input_.size(2), width = input_.size(3);
    if (architecture_ == "deeplabv3-mnv2") {
      for (const std::string stride : {"8", "16"}) {
        const std::string prefix = "os" + stride + "_";
        const Tensor logits = run(*make(Settings({{"output_stride", stride}})), input_, features, prefix);
        features[prefix + "logits_full"] = upsample(logits, height, width);
      }
    } else if (architecture_ == "mobilenetv2") {
      run(*make(Settings({{"padding", "same"}})), input_, features);
      Features symmetric;
      run(*make(), input_, symmetric);
      features["expanded_conv_16_pad1"] = *symmetric.find("expanded_conv_16");
    } else if (architecture_ == "espnetv2") {
      features["logits"] = upsample(run(*make(), input_, features), height, width);
    } else if (architecture_.starts_with("segment-mnv2")) {
      Tensor clicks = read_tensor(GetParam() / "clicks.npy", at::kFloat);
      if (clicks.dim() == 3) clicks = clicks.unsqueeze(0);
      const auto levels = SegmentMnv2(architecture_, Weights(weights_)).levels(input_, clicks);
      features["f2"] = levels.skips.half;
      features["f4"] = levels.skips.quarter;
      features["f8"] = levels.skips.eighth;
      features["f16"] = levels.sixteenth;
      features["context"] = levels.context;
      features["eighth"] = levels.eighth;
      features["quarter"] = levels.quarter;
      features["logits"] = levels.logits;
    } else {
      run(*make(), input_, features);
    }
  }

  std::map<std::string, Tensor> weights_;
  std::string architecture_;
  Tensor input_;
};

/// The part of a feature that is stored: some channels (every `channel_step`-th, or the first ones), every so manieth
/// row and column.
Tensor stored_part(const Tensor& feature, const Tensor& stored, const nlohmann::json& entry) {
  if (feature.dim() != 4 || stored.dim() != 4) return feature;
  const auto step = [&](std::int64_t axis) { return (feature.size(axis) + stored.size(axis) - 1) / stored.size(axis); };
  return feature.slice(1, 0, std::nullopt, entry.value("channel_step", 1))
      .slice(1, 0, stored.size(1))
      .slice(2, 0, std::nullopt, step(2))
      .slice(3, 0, std::nullopt, step(3));
}

TEST_P(Real, EveryFeatureIsThatOfAnotherImplementation) {
  Features features;
  compute(features);
  const auto meta = read_json(GetParam() / "meta.json");
  for (const auto& [name, entry] : meta.at("spread").items()) {
    const Tensor* feature = features.find(name);
    ASSERT_NE(feature, nullptr) << architecture_ << " shows no feature " << name;
    Tensor stored = read_tensor(GetParam() / (name + ".npy"));
    if (stored.dim() == 3) stored = stored.unsqueeze(0);
    const double spread = std::max(entry.at("f32_vs_f64").get<double>(), entry.at("onednn_vs_plain").get<double>());
    EXPECT_TRUE(is_near(stored_part(*feature, stored, entry), stored, 10 * spread)) << name;
  }
}

TEST_P(Real, ThePhotographBecomesTheStoredInput) {
  if (!std::filesystem::exists(GetParam() / "photo.png")) GTEST_SKIP() << "no photograph: " << GetParam();
  Pixels photo = read_png(GetParam() / "photo.png");
  const Tensor frame = at::from_blob(photo.rgb.data(), {photo.height, photo.width, 3}, at::kByte);
  const double largest = input_.abs().max().item<double>();
  EXPECT_TRUE(is_near(make()->normalised(frame), input_, 3e-7 * std::max(1.0, largest)));
}

TEST_P(Real, KeysThatDoNotBelongAreNamed) { expect_strict(architecture_, weights_); }

TEST_P(Real, AnInsertionAtEverySiteChangesTheAnswerAndAtNoneDoesNot) {
  const auto network = make();
  const Tensor fitting = frame(*network);
  const std::vector<PromptClick> clicks{{3, 4, 1}};
  const auto encoded = network->encode(fitting);
  const auto conditioned = network->condition(*encoded, {.clicks = clicks, .previous = {}});
  Insertions none({});
  const Tensor answer = network->decode(*conditioned, none);
  expect_likeness(*network, *encoded, *conditioned);
  for (const std::string& site : network->sites()) {
    Insertions insertions({.type = LayerType::bmconv, .sites = {site}, .is_scaled = true});
    // the identity first: rounded otherwise, since the tail behind the site is computed again
    EXPECT_TRUE(is_near(network->decode(*conditioned, insertions), answer, 1e-4 * answer.abs().max().item<double>()))
        << site;
    ASSERT_EQ(insertions.parameters().size(), 4U) << site;
    network->decode(*conditioned, insertions).sum().backward();
    for (const Tensor& parameter : insertions.parameters()) EXPECT_TRUE(parameter.grad().defined()) << site;
    EXPECT_GT(insertions.parameters()[3].grad().abs().max().item<double>(), 0) << site;
  }
}

TEST_P(Real, TheGradientReachesTheInput) {
  const auto network = make_wide();
  const std::vector<PromptClick> clicks{{3, 4, 1}};
  expect_input_gradient(*network, network->normalised(frame(*network)), {.clicks = clicks, .previous = {}});
}

TEST_P(Real, FramesOfOtherSizesAreRefused) {
  const auto network = make();
  const FrameSides sides = network->frame_sides();
  const Tensor fitting = frame(*network);
  EXPECT_NO_THROW((void)network->encode(fitting));
  EXPECT_THROW((void)network->encode(fitting.slice(1, 0, sides.least - 1)), std::invalid_argument);
  if (sides.step > 1) {
    EXPECT_THROW((void)network->encode(fitting.slice(0, 1)), std::invalid_argument);
  }
}

TEST(Meter, APaintedFrameIsCutOffItsAnswer) {
  const auto path = shipped("depth-rooms");
  const auto answer = [&](const Settings& settings, const Tensor& frame) {
    const auto network = make_network("meter", Weights(read_weights(path)), settings);
    Insertions none({});
    return network->decode(*network->condition(*network->encode(frame), {}), none);
  };
  const Tensor frame = (wavy({188, 252, 3}) * 127 + 128).to(at::kByte);
  const Tensor painted = at::constant_pad_nd(frame, {0, 0, 2, 2, 2, 2}, 255);
  const Tensor whole = upsample(answer({}, painted), 192, 256);
  const Tensor actual = answer(Settings({{"white_frame", "2"}}), frame);
  EXPECT_EQ(actual.sizes(), at::IntArrayRef({1, 1, 188, 252}));
  EXPECT_TRUE(is_near(actual, whole.slice(2, 2, -2).slice(3, 2, -2), 1e-6));
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Real);
INSTANTIATE_TEST_SUITE_P(Parity, Real, testing::ValuesIn(parity_cases({std::string(kPrefix)}, "meta.json")),
                         FolderName());

}  // namespace
}  // namespace gbrs::test
