// SPDX-License-Identifier: Apache-2.0
// A library in the place of libgbrs-torch whose network needs microseconds. Its answers depend on all that a step is
// given, to the last bit, so that any mix-up of steps, frames, answers or parameters shows.

#include "session/tiny_network.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <thread>

#include "gbrs/click.hpp"
#include "gbrs/export.hpp"
#include "gbrs/version.hpp"
#include "refine/backend.hpp"

namespace gbrs::test {
namespace {

TinyGate gate;

/// FNV-1a over whole numbers.
class Hash {
 public:
  void add(std::uint64_t value) { value_ = (value_ ^ value) * 1099511628211ULL; }
  void add(double value) { add(std::bit_cast<std::uint64_t>(value)); }
  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 14695981039346656037ULL;
};

struct TinyFeatures final : Features {
  int width = 0;
  int height = 0;
  std::uint64_t pixels = 0;
};

struct TinyParameters final : Parameters {
  std::uint64_t value = 0;
};

std::uint64_t hash_of(const StepInput& input, const TinyFeatures& features) {
  Hash hash;
  hash.add(features.pixels);
  for (const FrameClick& click : input.clicks) {
    hash.add(click.u);
    hash.add(click.v);
    hash.add(click.radius.value_or(-1));
    hash.add(click.target);
  }
  hash.add(static_cast<std::uint64_t>(input.first_new));
  if (input.before) hash.add(dynamic_cast<const TinyParameters&>(*input.before).value);
  if (input.to_before) hash.add(input.to_before->scale_x + 2 * input.to_before->shift_y);
  if (input.answer_before != nullptr)
    for (const float value : input.answer_before->values) hash.add(static_cast<double>(value));
  return hash.value();
}

/// The nearest click decides the side of a value, `seed` how far it lies there.
FrameMap answer_of(const StepInput& input, const TinyFeatures& features, std::uint64_t seed) {
  FrameMap map{.width = features.width, .height = features.height, .values = {}};
  for (int y = 0; y < map.height; ++y)
    for (int x = 0; x < map.width; ++x) {
      double nearest = 1e300;
      double side = kExclude;
      for (const FrameClick& click : input.clicks) {
        const double distance = std::hypot(click.u - x, click.v - y) / (click.target > 0 ? 1 : 1.5);
        if (distance > nearest) continue;
        nearest = distance;
        side = click.target;
      }
      const std::uint64_t mixed = (seed ^ static_cast<std::uint64_t>(x * 31 + y)) * 0x9E3779B97F4A7C15ULL;
      map.values.push_back(static_cast<float>(side * (0.5 + static_cast<double>(mixed >> 40) * 0x1p-22)));
    }
  return map;
}

class TinyNetwork final : public LoadedNetwork {
 public:
  [[nodiscard]] std::string device() const override { return "tiny"; }
  [[nodiscard]] std::string notice() const override { return ""; }
  Expected<std::shared_ptr<const Features>> encode(const FramePixels& frame) override {
    if (!gate.has_memory) return failure(ErrorCode::out_of_memory, "There is not enough memory.");
    Hash hash;
    for (const std::uint8_t value : frame.rgb) hash.add(static_cast<std::uint64_t>(value));
    auto features = std::make_shared<TinyFeatures>();
    features->width = frame.width;
    features->height = frame.height;
    features->pixels = hash.value();
    return features;
  }
  Expected<StepOutput> step(const StepInput& input) override {
    gate.pass();
    const auto& features = dynamic_cast<const TinyFeatures&>(*input.features);
    const std::uint64_t first = hash_of(input, features);
    StepOutput output;
    output.answer = answer_of(input, features, first);
    auto parameters = std::make_shared<TinyParameters>();
    parameters->value = first;
    output.is_refined = input.is_refined;
    const bool suffices = !input.suffices || input.suffices(output.answer);
    for (std::size_t i = input.first_new; i < input.clicks.size(); ++i)
      output.radii.push_back(input.clicks[i].radius.value_or(3));
    if (!suffices) {
      output.parameters = std::move(parameters);
      return output;
    }
    if (input.is_refined && !refine(input, features, parameters->value)) {
      output.is_refined = false;
    } else if (input.is_refined) {
      output.iterations = kIterations;
      output.answer = answer_of(input, features, parameters->value);
    }
    if (!output.is_refined) parameters->value = first;
    output.parameters = std::move(parameters);
    return output;
  }
  void prepare(const std::vector<FrameSize>&, LayerType) override {}
  Expected<double> matrix_gflops() override { return 1.0; }

 private:
  static constexpr int kIterations = 4;

  /// False: stopped.
  static bool refine(const StepInput& input, const TinyFeatures& features, std::uint64_t& value) {
    for (int i = 0; i < kIterations; ++i) {
      if (input.stop.stop_requested()) return false;
      if (input.publish && input.publish_every > 0 && i % input.publish_every == 0)
        input.publish(i, answer_of(input, features, value));
      value = (value ^ static_cast<std::uint64_t>(i)) * 0xBF58476D1CE4E5B9ULL;
      std::this_thread::yield();
    }
    return true;
  }
};

Expected<std::shared_ptr<LoadedNetwork>> load(const Manifest&, const ModelOptions&) {
  return std::make_shared<TinyNetwork>();
}

}  // namespace
}  // namespace gbrs::test

extern "C" GBRS_API const gbrs::Backend* gbrs_backend() {
  static const gbrs::Backend backend{.version = GBRS_VERSION, .load = gbrs::test::load};
  return &backend;
}

extern "C" GBRS_API gbrs::test::TinyGate* gbrs_tiny_gate() { return &gbrs::test::gate; }
