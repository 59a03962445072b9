// SPDX-License-Identifier: Apache-2.0
#pragma once

// A network's weights while they learn: kept in float32, handed to the network in the type it computes in, with their
// running mean, which becomes the result.

#include <map>
#include <string>
#include <vector>

#include "gbrs/error.hpp"
#include "training/adamw.hpp"
#include "training/recipe.hpp"

namespace gbrs {

using TensorMap = std::map<std::string, Tensor>;

class LearnedWeights {
 public:
  /// Takes all tensors of a network. Errors: invalid_argument (a prefix of the recipe that fits no key).
  [[nodiscard]] static Expected<LearnedWeights> make(const TensorMap& tensors, const OptimiserRecipe& recipe);

  /// For a network that computes in `type`; gradients reach the tensors that learn. What runs once a crop, before any
  /// click (is_shallow), stays in float32, as answers are computed.
  [[nodiscard]] TensorMap for_step(at::ScalarType type) const;

  /// One step of the optimiser and of the running mean. Returns the gradients' norm.
  double step(double rate);

  /// The running mean of what learns, and the rest.
  [[nodiscard]] TensorMap averaged() const;

  [[nodiscard]] std::size_t learning_count() const { return learning_.size(); }
  [[nodiscard]] std::int64_t learning_values() const;

  /// What a checkpoint keeps: PREFIX/KEY for value, average, first, second.
  [[nodiscard]] TensorMap state() const;
  [[nodiscard]] std::int64_t steps() const { return optimiser_.steps(); }
  /// The opposite. Errors: damaged (a tensor is missing or has another shape).
  [[nodiscard]] Expected<void> restore(const TensorMap& state, std::int64_t steps);

  /// The encoder's part whose answers a crop keeps: always frozen.
  [[nodiscard]] static bool is_shallow(const std::string& key);

 private:
  explicit LearnedWeights(const OptimiserRecipe& recipe)
      : optimiser_(recipe.second_beta, recipe.decay, recipe.clip), average_(recipe.average) {}

  TensorMap frozen_;
  std::vector<std::string> keys_;  // as the following two
  std::vector<LearningTensor> learning_;
  std::vector<Tensor> averages_;
  AdamW optimiser_;
  double average_;
};

}  // namespace gbrs
