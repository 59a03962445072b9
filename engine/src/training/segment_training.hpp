// SPDX-License-Identifier: Apache-2.0
#pragma once

// A training of segmentation by clicks: its state, and a step of it.

#include <memory>

#include "training/learned_weights.hpp"
#include "training/pool.hpp"

namespace gbrs {

struct StepOutcome {
  std::int64_t samples = 0;
  double loss = 0;
  double gradient_norm = 0;
  std::vector<SlotResult> results;
};

class SegmentTraining {
 public:
  /// `examples` is kept by reference. Errors: unsupported (architecture), those of LearnedWeights::make.
  [[nodiscard]] static Expected<std::unique_ptr<SegmentTraining>> make(Recipe recipe, const TensorMap& weights,
                                                                       Examples& examples);

  /// Learns from one pool. Errors: those of reading pictures; internal (the loss is no number any more).
  [[nodiscard]] Expected<StepOutcome> step();

  [[nodiscard]] bool is_finished() const { return samples_ >= recipe_.samples; }
  [[nodiscard]] std::int64_t samples() const { return samples_; }
  /// The rate of the next step: rising over the warm-up, then falling by a cosine.
  [[nodiscard]] double rate() const;
  [[nodiscard]] const Recipe& recipe() const { return recipe_; }
  [[nodiscard]] const LearnedWeights& weights() const { return weights_; }

  /// What checkpoint.hpp reads and writes.
  struct Progress {
    std::int64_t samples = 0;
    std::int64_t steps = 0;
    std::uint64_t crops = 0;
    std::vector<std::vector<SlotState>> pools;
  };
  [[nodiscard]] Progress progress() const;
  /// Errors: those of reading pictures, damaged.
  [[nodiscard]] Expected<void> restore(Progress progress, const TensorMap& weights);

 private:
  SegmentTraining(Recipe recipe, LearnedWeights weights, std::unique_ptr<SegmentMnv2> encoder, Examples& examples);
  Pool& choose_pool();

  Recipe recipe_;
  LearnedWeights weights_;
  std::unique_ptr<SegmentMnv2> encoder_;  // for its frozen, shallow part only
  SlotMaker maker_;
  std::vector<Pool> pools_;
  std::int64_t samples_ = 0;
  std::uint64_t crops_ = 0;
  int faults_ = 0;  // steps in a row without a finite gradient
};

}  // namespace gbrs
