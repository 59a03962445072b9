// SPDX-License-Identifier: Apache-2.0
// The border to libgbrs with the shipped model: steps as a session makes them, and everything that can be
// wrong with a model or a step, as an error instead of an exception.

#include "refine/backend.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <map>

#include "gbrs/version.hpp"
#include "support/temporary_folder.hpp"

extern "C" const gbrs::Backend* gbrs_backend();

namespace gbrs::test {
namespace {

constexpr int kWidth = 129;
constexpr int kHeight = 97;

std::filesystem::path models() {
  const char* folder = std::getenv("GBRS_MODELS");
  return folder != nullptr ? folder : "models";
}

Manifest shipped() { return read_manifest(models() / "segment-small").value(); }

Expected<std::shared_ptr<LoadedNetwork>> load(const Manifest& manifest) {
  return gbrs_backend()->load(manifest, {.device = Device::cpu, .threads = 1});
}

LoadedNetwork& network() {
  static const std::shared_ptr<LoadedNetwork> instance = load(shipped()).value();
  return *instance;
}

/// An orange disc of radius 30 around (60, 48) on a blue ground; `scale` times as large.
FramePixels picture(int scale = 1) {
  FramePixels frame{.width = scale * (kWidth - 1) + 1, .height = scale * (kHeight - 1) + 1, .rgb = {}};
  for (int y = 0; y < frame.height; ++y) {
    for (int x = 0; x < frame.width; ++x) {
      const bool is_object = std::hypot(x - 60 * scale, y - 48 * scale) <= 30 * scale;
      const auto grain = static_cast<std::uint8_t>((x * 7 + y * 13) % 17);
      frame.rgb.push_back(static_cast<std::uint8_t>((is_object ? 210 : 60) + grain));
      frame.rgb.push_back(static_cast<std::uint8_t>((is_object ? 110 : 80) + grain));
      frame.rgb.push_back(static_cast<std::uint8_t>((is_object ? 40 : 150) + grain));
    }
  }
  return frame;
}

const std::shared_ptr<const Features>& features() {
  static const auto instance = network().encode(picture()).value();
  return instance;
}

FrameClick include(double u, double v) { return {.u = u, .v = v, .radius = {}, .target = 1}; }
FrameClick exclude(double u, double v) { return {.u = u, .v = v, .radius = {}, .target = -1}; }

/// A click and its contradiction: nothing can satisfy both, so every iteration is made.
const std::vector<FrameClick> kContradiction{include(60, 48), exclude(60, 48)};

StepInput input_of(const std::vector<FrameClick>& clicks) {
  StepInput input;
  input.features = features();
  input.clicks = clicks;
  return input;
}

TEST(Backend, HasTheVersionOfTheLibrary) { EXPECT_STREQ(gbrs_backend()->version, GBRS_VERSION); }

TEST(Backend, ComputesOnTheProcessorWithoutComplaint) {
  EXPECT_EQ(network().device(), "cpu");
  EXPECT_EQ(network().notice(), "") << "a slow BLAS library here makes every figure of this project wrong";
}

TEST(Backend, AMissingGpuIsANoticeNotAnError) {
  const auto loaded = gbrs_backend()->load(shipped(), {.device = Device::cuda, .threads = 1});
  ASSERT_TRUE(loaded);
  EXPECT_EQ((*loaded)->device() == "cpu", !(*loaded)->notice().empty());
}

TEST(Backend, OneClickSelectsTheDisc) {
  // nothing is promised for frames much smaller than those that the network was trained with
  constexpr int scale = 3;
  const FramePixels frame = picture(scale);
  const std::vector<FrameClick> clicks{include(60 * scale, 48 * scale)};
  StepInput input = input_of(clicks);
  input.features = network().encode(frame).value();
  const auto output = network().step(input);
  ASSERT_TRUE(output) << output.error().message << output.error().detail;
  ASSERT_EQ(output->answer.width, (frame.width + 1) / 2);
  ASSERT_EQ(output->answer.height, (frame.height + 1) / 2);
  int wrong = 0;
  for (int y = 0; y < output->answer.height; ++y) {
    for (int x = 0; x < output->answer.width; ++x) {
      const float logit = output->answer.values[static_cast<std::size_t>(y * output->answer.width + x)];
      wrong += (logit > 0) != (std::hypot(2 * x - 60 * scale, 2 * y - 48 * scale) <= 30 * scale);
    }
  }
  EXPECT_LT(wrong, 320) << "of 27985; the disc has 6362";
  ASSERT_EQ(output->radii.size(), 1U);
  EXPECT_NEAR(output->radii[0], 30 * scale, 6);
  EXPECT_EQ(output->iterations, 0) << "an obeyed click needs none";
  EXPECT_TRUE(output->is_refined);
}

TEST(Backend, AnObeyedClicksAnswerIsTheNetworksOwnWithEveryLayer) {
  const std::vector<FrameClick> clicks{include(60, 48)};
  StepInput input = input_of(clicks);
  input.layer = LayerType::none;
  const FrameMap expected = network().step(input)->answer;
  for (const LayerType layer : {LayerType::sb, LayerType::bmsb, LayerType::bmsbm, LayerType::bmconv}) {
    input.layer = layer;
    EXPECT_EQ(network().step(input)->answer.values, expected.values) << static_cast<int>(layer);
  }
}

TEST(Backend, AGivenRadiusIsReturnedAsItIs) {
  std::vector<FrameClick> clicks{include(60, 48), exclude(110, 80)};
  clicks[1].radius = 7.25;
  StepInput input = input_of(clicks);
  const auto output = network().step(input);
  ASSERT_EQ(output->radii.size(), 2U);
  EXPECT_EQ(output->radii[1], 7.25);
}

TEST(Backend, ClicksThatNothingSatisfiesTakeEveryIteration) {
  for (const LayerType layer : {LayerType::sb, LayerType::bmsb, LayerType::bmsbm, LayerType::bmconv}) {
    StepInput input = input_of(kContradiction);
    input.layer = layer;
    input.iterations = 6;
    input.method.mirrors = false;
    input.publish_every = 2;
    std::map<int, std::vector<float>> seen;
    input.publish = [&](int iteration, const FrameMap& answer) { seen[iteration] = answer.values; };
    const auto output = network().step(input);
    ASSERT_TRUE(output);
    EXPECT_EQ(output->iterations, 6);
    ASSERT_EQ(seen.size(), 3U);
    EXPECT_TRUE(seen.contains(0) && seen.contains(2) && seen.contains(4));
    EXPECT_NE(seen[0], seen[2]);
    EXPECT_NE(output->answer.values, seen[4]);
  }
}

TEST(Backend, EqualStepsGiveEqualBytesAlsoFromAnotherLoading) {
  const auto run = [](LoadedNetwork& on) {
    const auto encoded = on.encode(picture()).value();
    StepInput input = input_of(kContradiction);
    input.features = encoded;
    input.clicks = std::span(kContradiction).first(1);
    const auto first = on.step(input);
    input.clicks = kContradiction;
    input.first_new = 1;
    input.before = first->parameters;
    input.answer_before = &first->answer;
    return on.step(input)->answer.values;
  };
  const auto other = load(shipped()).value();
  const std::vector<float> expected = run(network());
  EXPECT_EQ(run(*other), expected);
  EXPECT_EQ(run(network()), expected);
}

TEST(Backend, PreparingForOtherFramesChangesNoAnswer) {
  const auto other = load(shipped()).value();
  StepInput input = input_of(kContradiction);
  const auto expected = network().step(input)->answer.values;
  other->prepare({{65, 49}, {49, 65}, {65, 65}, {33, 33}}, LayerType::bmconv);
  for (int i = 0; i < 3; ++i) {
    input.features = other->encode(picture()).value();
    EXPECT_EQ(other->step(input)->answer.values, expected);
  }
  other->prepare({{65, 49}, {1, 1}, {81, 65}}, LayerType::none);  // one that no network takes does no harm
}  // and leaving in the middle neither

TEST(Backend, AStepContinuesFromTheParametersBeforeOrBeginsAnew) {
  StepInput input = input_of(kContradiction);
  input.method.mirrors = false;  // as a step without refinement is
  const auto first = network().step(input);
  input.is_refined = false;
  const auto plain = network().step(input);
  EXPECT_FALSE(plain->is_refined);
  ASSERT_NE(plain->answer.values, first->answer.values);
  input.before = first->parameters;
  input.method.keeps_parameters = true;
  EXPECT_EQ(network().step(input)->answer.values, first->answer.values);
  input.method.keeps_parameters = false;
  EXPECT_EQ(network().step(input)->answer.values, plain->answer.values);
}

TEST(Backend, AStoppedStepGivesItsFirstAnswerAndTheOldParameters) {
  StepInput input = input_of(kContradiction);
  input.is_refined = false;
  const auto plain = network().step(input);
  input.is_refined = true;
  std::stop_source source;
  input.stop = source.get_token();
  input.publish_every = 1;
  input.publish = [&](int iteration, const FrameMap&) {
    if (iteration == 2) source.request_stop();
  };
  const auto stopped = network().step(input);
  EXPECT_FALSE(stopped->is_refined);
  EXPECT_EQ(stopped->iterations, 0);
  EXPECT_EQ(stopped->answer.values, plain->answer.values);
  StepInput next = input_of(kContradiction);
  next.is_refined = false;
  next.method.keeps_parameters = true;
  next.before = stopped->parameters;
  EXPECT_EQ(network().step(next)->answer.values, plain->answer.values);
}

TEST(Backend, ThePreviousAnswerMatters) {
  const std::vector<FrameClick> clicks{include(60, 48)};
  StepInput input = input_of(clicks);
  const FrameMap without = network().step(input)->answer;
  FrameMap start{.width = 2, .height = 2, .values = {4, 4, 4, 4}};  // any grid with the frame's corners
  input.answer_before = &start;
  EXPECT_NE(network().step(input)->answer.values, without.values);
}

TEST(Backend, TheInputIsRefinedToo) {
  StepInput input = input_of(kContradiction);
  input.layer = LayerType::rgb;
  input.method.rate = 0.02;
  input.iterations = 3;
  input.is_refined = false;
  const auto own = network().step(input);
  ASSERT_TRUE(own) << own.error().message << own.error().detail;
  input.is_refined = true;
  const auto refined = network().step(input);
  EXPECT_EQ(refined->iterations, 3);
  EXPECT_NE(refined->answer.values, own->answer.values);
}

TEST(Backend, StepsThatMakeNoSenseAreRefused) {
  const auto code = [](const StepInput& input) {
    const auto output = network().step(input);
    return output ? std::optional<ErrorCode>() : output.error().code;
  };
  const std::vector<FrameClick> none;
  EXPECT_EQ(code(input_of(none)), ErrorCode::invalid_argument);
  for (const double bad : {-1.0, 129.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    const std::vector<FrameClick> clicks{include(bad, 48)};
    EXPECT_EQ(code(input_of(clicks)), ErrorCode::invalid_argument) << bad;
  }
  const std::vector<FrameClick> clicks{include(60, 48)};
  StepInput without_features = input_of(clicks);
  without_features.features = nullptr;
  EXPECT_EQ(code(without_features), ErrorCode::invalid_argument);
  StepInput of_other_layer = input_of(clicks);
  of_other_layer.before = network().step(input_of(clicks))->parameters;
  of_other_layer.layer = LayerType::sb;
  EXPECT_EQ(code(of_other_layer), ErrorCode::invalid_argument);
}

TEST(Backend, ParametersOfAnotherFrameAreRefused) {
  const std::vector<FrameClick> clicks{include(20, 20)};
  StepInput input = input_of(clicks);
  input.before = network().step(input)->parameters;
  input.method.keeps_parameters = true;
  FramePixels small{.width = 65, .height = 49, .rgb = std::vector<std::uint8_t>(65 * 49 * 3, 100)};
  input.features = network().encode(small).value();
  const auto output = network().step(input);
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().code, ErrorCode::invalid_argument);
}

TEST(Backend, FramesThatMakeNoSenseAreRefused) {
  FramePixels odd{.width = 64, .height = 49, .rgb = std::vector<std::uint8_t>(64 * 49 * 3)};
  EXPECT_EQ(network().encode(odd).error().code, ErrorCode::invalid_argument);
  FramePixels cut{.width = 65, .height = 49, .rgb = std::vector<std::uint8_t>(100)};
  EXPECT_EQ(network().encode(cut).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(network().encode({}).error().code, ErrorCode::invalid_argument);
}

TEST(Backend, ModelsItCannotUseAreNamed) {
  const auto error = [](const Manifest& manifest) {
    const auto loaded = load(manifest);
    EXPECT_FALSE(loaded);
    return loaded ? Error{} : loaded.error();
  };
  Manifest manifest = shipped();
  manifest.info.architecture = "segment-mnv9";
  EXPECT_EQ(error(manifest).code, ErrorCode::unsupported);
  manifest = shipped();
  manifest.info.task = "normals";
  manifest.task.reset();
  EXPECT_EQ(error(manifest).code, ErrorCode::unsupported);
  manifest = shipped();
  manifest.refinement.insertions.push_back("ninth");
  EXPECT_EQ(error(manifest).code, ErrorCode::damaged);
  manifest = shipped();
  manifest.info.weights_sha256[0] = manifest.info.weights_sha256[0] == '0' ? '1' : '0';
  EXPECT_EQ(error(manifest).code, ErrorCode::damaged);
  EXPECT_NE(error(manifest).message.find("segment-small"), std::string::npos);
}

TEST(Backend, MissingAndCutWeightsAreNamed) {
  const TemporaryFolder folder;
  Manifest manifest = shipped();
  const auto whole = manifest.weights_path();
  manifest.info.folder = folder.path();
  const auto missing = load(manifest);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
  for (const std::uintmax_t size :
       {std::uintmax_t{0}, std::uintmax_t{7}, std::uintmax_t{5000}, std::filesystem::file_size(whole) - 1}) {
    std::filesystem::copy_file(whole, manifest.weights_path(), std::filesystem::copy_options::overwrite_existing);
    std::filesystem::permissions(manifest.weights_path(), std::filesystem::perms::owner_write,
                                 std::filesystem::perm_options::add);
    std::filesystem::resize_file(manifest.weights_path(), size);
    const auto cut = load(manifest);
    ASSERT_FALSE(cut) << size;
    EXPECT_EQ(cut.error().code, ErrorCode::damaged);
    EXPECT_NE(cut.error().message.find("weights.safetensors"), std::string::npos);
  }
}

TEST(Backend, ALayerWithoutLearningRateIsRefused) {
  Manifest manifest = shipped();
  manifest.refinement.rates.erase(LayerType::sb);
  const auto loaded = load(manifest).value();
  const std::vector<FrameClick> clicks{include(60, 48)};
  StepInput input = input_of(clicks);
  input.features = loaded->encode(picture()).value();
  input.layer = LayerType::sb;
  EXPECT_EQ(loaded->step(input).error().code, ErrorCode::unsupported);
  input.method.rate = 0.01;
  EXPECT_TRUE(loaded->step(input));
}

}  // namespace
}  // namespace gbrs::test
