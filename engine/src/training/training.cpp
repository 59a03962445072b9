// SPDX-License-Identifier: Apache-2.0
#include "training/training.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "training/random.hpp"

namespace gbrs {
namespace {

constexpr std::uint64_t kCropStream = 0x706F6F6C;  // apart from the crops' own streams
constexpr int kMostFaults = 20;

}  // namespace

std::size_t Training::choose_crop() const {
  std::vector<double> weights;
  for (const CropRecipe& crop : recipe_.crops) weights.push_back(crop.weight);
  Random random{recipe_.seed, kCropStream, static_cast<std::uint64_t>(samples_)};
  return random.weighted(weights);
}

double Training::rate() const {
  const auto samples = static_cast<double>(samples_);
  const OptimiserRecipe& optimiser = recipe_.optimiser;
  const double part = std::min(1.0, samples / static_cast<double>(recipe_.samples));
  const double cosine = (1 + std::cos(std::numbers::pi * part)) / 2;
  const double falling = optimiser.last_rate + (1 - optimiser.last_rate) * cosine;
  const double rising =
      samples < static_cast<double>(optimiser.warm_up) ? (samples + 1) / static_cast<double>(optimiser.warm_up) : 1;
  return optimiser.rate * falling * rising;
}

Expected<StepOutcome> Training::learn(const Tensor& loss, std::int64_t samples) {
  loss.backward();
  StepOutcome outcome{.samples = samples, .loss = loss.item<double>(), .gradient_norm = 0, .values = {}};
  outcome.gradient_norm = weights_.step(rate());
  faults_ = std::isfinite(outcome.gradient_norm) ? 0 : faults_ + 1;
  if (faults_ == kMostFaults)
    return failure(ErrorCode::internal,
                   "The training diverged: a lower rate may help; its last checkpoint is still there.");
  samples_ += samples;
  return outcome;
}

Expected<void> Training::restore(Progress progress, const TensorMap& weights) {
  if (auto restored = weights_.restore(weights, progress.steps); !restored) return restored;
  samples_ = progress.samples;
  return {};
}

}  // namespace gbrs
