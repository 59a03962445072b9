// SPDX-License-Identifier: Apache-2.0
#include "training/segment_training.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "training/loss.hpp"

namespace gbrs {
namespace {

constexpr std::uint64_t kPoolStream = 0x706F6F6C;  // apart from the crops' streams
constexpr int kMostFaults = 20;

at::ScalarType type_of(const Recipe& recipe) { return recipe.is_bfloat16 ? at::kBFloat16 : at::kFloat; }

/// The answers to a batch: logits [B,1,h,w] float32.
Tensor answer(const SegmentMnv2& network, const Batch& batch) {
  const auto encoded = network.encode_skips(batch.skips);
  const auto conditioned = network.condition_maps(*encoded, batch.maps);
  Insertions none({.type = LayerType::none, .sites = {}});
  return network.decode(*conditioned, none).to(at::kFloat);
}

}  // namespace

Expected<std::unique_ptr<SegmentTraining>> SegmentTraining::make(Recipe recipe, const TensorMap& weights,
                                                                 Examples& examples) {
  if (recipe.architecture != SegmentMnv2::kLate && recipe.architecture != SegmentMnv2::kEntering)
    return failure(ErrorCode::unsupported, "The architecture " + recipe.architecture + " cannot be trained.");
  auto learned = LearnedWeights::make(weights, recipe.optimiser);
  if (!learned) return std::unexpected(learned.error());
  const at::NoGradGuard no_grad;
  auto encoder = std::make_unique<SegmentMnv2>(recipe.architecture, Weights(learned->for_step(at::kFloat)));
  return std::unique_ptr<SegmentTraining>(
      new SegmentTraining(std::move(recipe), std::move(*learned), std::move(encoder), examples));
}

SegmentTraining::SegmentTraining(Recipe recipe, LearnedWeights weights, std::unique_ptr<SegmentMnv2> encoder,
                                 Examples& examples)
    : recipe_(std::move(recipe)),
      weights_(std::move(weights)),
      encoder_(std::move(encoder)),
      maker_(recipe_, examples, *encoder_) {
  for (const CropRecipe& crop : recipe_.crops) pools_.emplace_back(crop);
}

Pool& SegmentTraining::choose_pool() {
  std::vector<double> weights;
  for (const CropRecipe& crop : recipe_.crops) weights.push_back(crop.weight);
  Random random{recipe_.seed, kPoolStream, static_cast<std::uint64_t>(samples_)};
  return pools_[random.weighted(weights)];
}

double SegmentTraining::rate() const {
  const auto samples = static_cast<double>(samples_);
  const OptimiserRecipe& optimiser = recipe_.optimiser;
  const double part = std::min(1.0, samples / static_cast<double>(recipe_.samples));
  const double cosine = (1 + std::cos(std::numbers::pi * part)) / 2;
  const double falling = optimiser.last_rate + (1 - optimiser.last_rate) * cosine;
  const double rising =
      samples < static_cast<double>(optimiser.warm_up) ? (samples + 1) / static_cast<double>(optimiser.warm_up) : 1;
  return optimiser.rate * falling * rising;
}

Expected<StepOutcome> SegmentTraining::step() {
  Pool& pool = choose_pool();
  if (auto filled = pool.fill(maker_, crops_); !filled) return std::unexpected(filled.error());
  const Batch batch = pool.batch(maker_, type_of(recipe_));
  const SegmentMnv2 network(recipe_.architecture, Weights(weights_.for_step(type_of(recipe_))));
  const Tensor logits = answer(network, batch);
  const Tensor loss = training_loss(logits, batch.labels, batch.weights, recipe_.loss.overlap);
  loss.backward();
  StepOutcome outcome{.samples = pool.recipe().batch, .loss = loss.item<double>(), .gradient_norm = 0, .results = {}};
  outcome.gradient_norm = weights_.step(rate());
  faults_ = std::isfinite(outcome.gradient_norm) ? 0 : faults_ + 1;
  if (faults_ == kMostFaults)
    return failure(ErrorCode::internal,
                   "The training diverged: a lower rate may help; its last checkpoint is still there.");
  samples_ += outcome.samples;
  outcome.results = pool.advance(maker_, logits.detach());
  return outcome;
}

SegmentTraining::Progress SegmentTraining::progress() const {
  Progress progress{.samples = samples_, .steps = weights_.steps(), .crops = crops_, .pools = {}};
  for (const Pool& pool : pools_) {
    auto& states = progress.pools.emplace_back();
    for (const Slot& slot : pool.slots()) states.push_back(slot.state);
  }
  return progress;
}

Expected<void> SegmentTraining::restore(Progress progress, const TensorMap& weights) {
  if (progress.pools.size() != pools_.size())
    return failure(ErrorCode::damaged, "The checkpoint does not belong to this recipe.", "number of crop sizes");
  if (auto restored = weights_.restore(weights, progress.steps); !restored) return restored;
  {
    const at::NoGradGuard no_grad;  // the frozen part may be another than the one this was made with
    *encoder_ = SegmentMnv2(recipe_.architecture, Weights(weights_.for_step(at::kFloat)));
  }
  for (std::size_t i = 0; i < pools_.size(); ++i) {
    std::vector<Slot> slots;
    for (SlotState& state : progress.pools[i]) {
      auto slot = maker_.restore(std::move(state), pools_[i].size());
      if (!slot) return std::unexpected(slot.error());
      slots.push_back(std::move(*slot));
    }
    pools_[i].set_slots(std::move(slots));
  }
  samples_ = progress.samples;
  crops_ = progress.crops;
  return {};
}

}  // namespace gbrs
