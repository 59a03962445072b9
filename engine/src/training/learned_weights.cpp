// SPDX-License-Identifier: Apache-2.0
#include "training/learned_weights.hpp"

#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <array>

namespace gbrs {
namespace {

bool starts_with_one_of(const std::string& key, const std::vector<std::string>& prefixes) {
  return std::ranges::any_of(prefixes, [&](const std::string& prefix) { return key.starts_with(prefix); });
}

double rate_factor(const std::string& key, const std::vector<RateFactor>& factors) {
  const auto found =
      std::ranges::find_if(factors, [&](const RateFactor& factor) { return key.starts_with(factor.prefix); });
  return found == factors.end() ? 1 : found->factor;
}

Tensor copy_of(const Tensor& tensor) {
  const Tensor values = tensor.detach().to(at::kFloat);
  return values.dim() == 4 ? values.clone(at::MemoryFormat::ChannelsLast) : values.clone();
}

Expected<void> check_prefixes(const TensorMap& tensors, const OptimiserRecipe& recipe) {
  std::vector<std::string> prefixes = recipe.frozen;
  for (const RateFactor& factor : recipe.factors) prefixes.push_back(factor.prefix);
  for (const std::string& prefix : prefixes) {
    const bool is_used =
        std::ranges::any_of(tensors, [&](const auto& tensor) { return tensor.first.starts_with(prefix); });
    if (!is_used)
      return failure(ErrorCode::invalid_argument, "The recipe is wrong: no weights begin with " + prefix + ".");
  }
  return {};
}

}  // namespace

bool LearnedWeights::is_shallow(const std::string& key) {
  static const std::vector<std::string> prefixes{"encoder.Conv.",
                                                 "encoder.expanded_conv.",
                                                 "encoder.expanded_conv_1.",
                                                 "encoder.expanded_conv_2.",
                                                 "encoder.expanded_conv_3.",
                                                 "encoder.expanded_conv_4.",
                                                 "encoder.expanded_conv_5."};
  return starts_with_one_of(key, prefixes);
}

Expected<LearnedWeights> LearnedWeights::make(const TensorMap& tensors, const OptimiserRecipe& recipe) {
  if (auto checked = check_prefixes(tensors, recipe); !checked) return std::unexpected(checked.error());
  LearnedWeights weights(recipe);
  for (const auto& [key, tensor] : tensors) {
    if (is_shallow(key) || starts_with_one_of(key, recipe.frozen)) {
      weights.frozen_.emplace(key, copy_of(tensor));
      continue;
    }
    LearningTensor learning{.value = copy_of(tensor).set_requires_grad(true),
                            .rate_factor = rate_factor(key, recipe.factors),
                            .decays = tensor.dim() > 1,  // biases do not
                            .first = {},
                            .second = {}};
    learning.first = at::zeros_like(learning.value.detach());
    learning.second = at::zeros_like(learning.value.detach());
    weights.keys_.push_back(key);
    weights.averages_.push_back(copy_of(tensor));
    weights.learning_.push_back(std::move(learning));
  }
  if (weights.learning_.empty())
    return failure(ErrorCode::invalid_argument, "The recipe is wrong: everything is frozen.");
  return weights;
}

TensorMap LearnedWeights::for_step(at::ScalarType type) const {
  TensorMap tensors;
  for (const auto& [key, value] : frozen_) tensors.emplace(key, is_shallow(key) ? value : value.to(type));
  for (std::size_t i = 0; i < keys_.size(); ++i) tensors.emplace(keys_[i], learning_[i].value.to(type));
  return tensors;
}

double LearnedWeights::step(double rate) {
  const double norm = optimiser_.step(learning_, rate);
  const at::NoGradGuard no_grad;
  // short at first, so that the beginning is forgotten
  const auto steps = static_cast<double>(optimiser_.steps());
  const double keep = std::min(average_, steps / (steps + 9));
  for (std::size_t i = 0; i < keys_.size(); ++i) averages_[i].lerp_(learning_[i].value, 1 - keep);
  return norm;
}

TensorMap LearnedWeights::averaged() const {
  TensorMap tensors = frozen_;
  for (std::size_t i = 0; i < keys_.size(); ++i) tensors.emplace(keys_[i], averages_[i]);
  return tensors;
}

std::int64_t LearnedWeights::learning_values() const {
  std::int64_t count = 0;
  for (const LearningTensor& tensor : learning_) count += tensor.value.numel();
  return count;
}

TensorMap LearnedWeights::state() const {
  TensorMap state;
  for (const auto& [key, value] : frozen_) state.emplace("frozen/" + key, value);
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    state.emplace("value/" + keys_[i], learning_[i].value.detach());
    state.emplace("average/" + keys_[i], averages_[i]);
    state.emplace("first/" + keys_[i], learning_[i].first);
    state.emplace("second/" + keys_[i], learning_[i].second);
  }
  return state;
}

Expected<void> LearnedWeights::restore(const TensorMap& state, std::int64_t steps) {
  const at::NoGradGuard no_grad;
  for (const auto& [name, own] : this->state()) {
    const auto found = state.find(name);
    if (found == state.end() || found->second.sizes() != own.sizes())
      return failure(ErrorCode::damaged, "The checkpoint does not belong to this network.", "tensor " + name);
    Tensor(own).copy_(found->second);
  }
  optimiser_.set_steps(steps);
  return {};
}

}  // namespace gbrs
