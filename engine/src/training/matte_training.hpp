// SPDX-License-Identifier: Apache-2.0
#pragma once

// A training of matting from trimaps: every crop is new.

#include <memory>

#include "training/composites.hpp"
#include "training/training.hpp"

namespace gbrs {

class MatteTraining final : public Training {
 public:
  /// `composites` is kept by reference. Errors: unsupported (architecture), those of LearnedWeights::make.
  [[nodiscard]] static Expected<std::unique_ptr<MatteTraining>> make(Recipe recipe, const TensorMap& weights,
                                                                     const Composites& composites);

  [[nodiscard]] Expected<StepOutcome> step() override;
  /// Mean squared and mean absolute error in the unknown band.
  [[nodiscard]] std::vector<std::string_view> measures() const override { return {"mse", "mad"}; }

 private:
  MatteTraining(Recipe recipe, LearnedWeights weights, const Composites& composites)
      : Training(std::move(recipe), std::move(weights)), composites_(composites) {}

  const Composites& composites_;
};

}  // namespace gbrs
