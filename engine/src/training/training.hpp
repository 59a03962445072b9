// SPDX-License-Identifier: Apache-2.0
#pragma once

// A training: its state, and a step of it. What is learned, and from what, is the task's (segment_training.hpp,
// matte_training.hpp).

#include <cstdint>
#include <string_view>
#include <vector>

#include "training/learned_weights.hpp"
#include "training/slot.hpp"

namespace gbrs {

/// One value of a measure of how good answers are, by its place among the training's measures.
struct MeasuredValue {
  std::size_t measure = 0;
  double value = 0;
};

struct StepOutcome {
  std::int64_t samples = 0;
  double loss = 0;
  double gradient_norm = 0;
  std::vector<MeasuredValue> values;
};

class Training {
 public:
  virtual ~Training() = default;

  /// Learns from crops of one entry of the recipe. Errors: those of reading pictures; internal (the loss is no number
  /// any more).
  [[nodiscard]] virtual Expected<StepOutcome> step() = 0;
  /// What is measured beside the loss, as log.csv names it.
  [[nodiscard]] virtual std::vector<std::string_view> measures() const = 0;

  [[nodiscard]] bool is_finished() const { return samples_ >= recipe_.samples; }
  [[nodiscard]] std::int64_t samples() const { return samples_; }
  /// The rate of the next step: rising over the warm-up, then falling by a cosine.
  [[nodiscard]] double rate() const;
  [[nodiscard]] const Recipe& recipe() const { return recipe_; }
  [[nodiscard]] const LearnedWeights& weights() const { return weights_; }

  /// What checkpoint.hpp reads and writes beside the weights.
  struct Progress {
    std::int64_t samples = 0;
    std::int64_t steps = 0;
    std::uint64_t crops = 0;                    ///< begun so far, where crops are kept from step to step
    std::vector<std::vector<SlotState>> pools;  ///< those crops
  };
  [[nodiscard]] virtual Progress progress() const { return {samples_, weights_.steps(), 0, {}}; }
  /// Errors: those of reading pictures, damaged.
  [[nodiscard]] virtual Expected<void> restore(Progress progress, const TensorMap& weights);

 protected:
  Training(Recipe recipe, LearnedWeights weights) : recipe_(std::move(recipe)), weights_(std::move(weights)) {}

  /// The entry of the recipe's crops that the next step takes.
  [[nodiscard]] std::size_t choose_crop() const;
  [[nodiscard]] at::ScalarType type() const { return recipe_.is_bfloat16 ? at::kBFloat16 : at::kFloat; }
  /// One step of the optimiser along the loss of `samples` crops. Errors: internal.
  [[nodiscard]] Expected<StepOutcome> learn(const Tensor& loss, std::int64_t samples);

 private:
  Recipe recipe_;
  LearnedWeights weights_;
  std::int64_t samples_ = 0;
  int faults_ = 0;  // steps in a row without a finite gradient
};

}  // namespace gbrs
