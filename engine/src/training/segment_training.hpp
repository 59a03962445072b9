// SPDX-License-Identifier: Apache-2.0
#pragma once

// A training of segmentation by clicks: crops stay until they have had all their clicks.

#include <memory>

#include "training/pool.hpp"
#include "training/training.hpp"

namespace gbrs {

class SegmentTraining final : public Training {
 public:
  /// `examples` is kept by reference. Errors: unsupported (architecture), those of LearnedWeights::make.
  [[nodiscard]] static Expected<std::unique_ptr<SegmentTraining>> make(Recipe recipe, const TensorMap& weights,
                                                                       Examples& examples);

  [[nodiscard]] Expected<StepOutcome> step() override;
  /// Intersection over union after 1, 2, and 3 or more clicks.
  [[nodiscard]] std::vector<std::string_view> measures() const override { return {"iou_1", "iou_2", "iou_3"}; }
  [[nodiscard]] Progress progress() const override;
  [[nodiscard]] Expected<void> restore(Progress progress, const TensorMap& weights) override;

 private:
  SegmentTraining(Recipe recipe, LearnedWeights weights, std::unique_ptr<SegmentMnv2> encoder, Examples& examples);

  std::unique_ptr<SegmentMnv2> encoder_;  // for its frozen, shallow part only
  SlotMaker maker_;
  std::vector<Pool> pools_;
  std::uint64_t crops_ = 0;
};

}  // namespace gbrs
