// SPDX-License-Identifier: Apache-2.0
#include "training/segment_training.hpp"

#include <algorithm>

#include "training/loss.hpp"

namespace gbrs {
namespace {

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
    return failure(ErrorCode::unsupported,
                   "The architecture " + recipe.architecture + " cannot be trained for segmentation.");
  auto learned = LearnedWeights::make(weights, recipe.optimiser);
  if (!learned) return std::unexpected(learned.error());
  const at::NoGradGuard no_grad;
  auto encoder = std::make_unique<SegmentMnv2>(recipe.architecture, Weights(learned->for_step(at::kFloat)));
  return std::unique_ptr<SegmentTraining>(
      new SegmentTraining(std::move(recipe), std::move(*learned), std::move(encoder), examples));
}

SegmentTraining::SegmentTraining(Recipe recipe, LearnedWeights weights, std::unique_ptr<SegmentMnv2> encoder,
                                 Examples& examples)
    : Training(std::move(recipe), std::move(weights)),
      encoder_(std::move(encoder)),
      maker_(this->recipe(), examples, *encoder_) {
  for (const CropRecipe& crop : this->recipe().crops) pools_.emplace_back(crop);
}

Expected<StepOutcome> SegmentTraining::step() {
  Pool& pool = pools_[choose_crop()];
  if (auto filled = pool.fill(maker_, crops_); !filled) return std::unexpected(filled.error());
  const Batch batch = pool.batch(maker_, type());
  const SegmentMnv2 network(recipe().architecture, Weights(weights().for_step(type())));
  const Tensor logits = answer(network, batch);
  const Tensor loss = training_loss(logits, batch.labels, batch.weights, recipe().loss.overlap);
  auto outcome = learn(loss, pool.recipe().batch);
  if (!outcome) return outcome;
  for (const SlotResult& result : pool.advance(maker_, logits.detach())) {
    if (result.clicks == 0) continue;  // began with a mask
    outcome->values.push_back(
        {.measure = static_cast<std::size_t>(std::min(result.clicks, 3)) - 1, .value = result.overlap});
  }
  return outcome;
}

Training::Progress SegmentTraining::progress() const {
  Progress progress = Training::progress();
  progress.crops = crops_;
  for (const Pool& pool : pools_) {
    auto& states = progress.pools.emplace_back();
    for (const Slot& slot : pool.slots()) states.push_back(slot.state);
  }
  return progress;
}

Expected<void> SegmentTraining::restore(Progress progress, const TensorMap& weights) {
  if (progress.pools.size() != pools_.size())
    return failure(ErrorCode::damaged, "The checkpoint does not belong to this recipe.", "number of crop sizes");
  crops_ = progress.crops;
  std::vector<std::vector<SlotState>> pools = std::move(progress.pools);
  if (auto restored = Training::restore(std::move(progress), weights); !restored) return restored;
  {
    const at::NoGradGuard no_grad;  // the frozen part may be another than the one this was made with
    *encoder_ = SegmentMnv2(recipe().architecture, Weights(this->weights().for_step(at::kFloat)));
  }
  for (std::size_t i = 0; i < pools_.size(); ++i) {
    std::vector<Slot> slots;
    for (SlotState& state : pools[i]) {
      auto slot = maker_.restore(std::move(state), pools_[i].size());
      if (!slot) return std::unexpected(slot.error());
      slots.push_back(std::move(*slot));
    }
    pools_[i].set_slots(std::move(slots));
  }
  return {};
}

}  // namespace gbrs
