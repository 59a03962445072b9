// SPDX-License-Identifier: Apache-2.0
#include "training/adamw.hpp"

#include <cmath>

namespace gbrs {
namespace {

constexpr double kBeta1 = 0.9;
constexpr double kEpsilon = 1e-8;

double gradient_norm(const std::vector<LearningTensor>& tensors) {
  double squares = 0;
  for (const LearningTensor& tensor : tensors) {
    if (!tensor.value.grad().defined()) continue;
    const double norm = tensor.value.grad().norm().item<double>();
    squares += norm * norm;
  }
  return std::sqrt(squares);
}

}  // namespace

double AdamW::step(std::vector<LearningTensor>& tensors, double rate) {
  const at::NoGradGuard no_grad;
  const double norm = gradient_norm(tensors);
  const double factor = clip_ > 0 && norm > clip_ ? clip_ / norm : 1;
  if (std::isfinite(norm)) ++steps_;
  const double correction1 = 1 - std::pow(kBeta1, steps_);
  const double correction2 = std::sqrt(1 - std::pow(second_beta_, steps_));
  for (LearningTensor& tensor : tensors) {
    const Tensor gradient = tensor.value.grad();
    tensor.value.mutable_grad() = Tensor();
    if (!gradient.defined() || !std::isfinite(norm)) continue;
    const double own_rate = rate * tensor.rate_factor;
    tensor.first.mul_(kBeta1).add_(gradient, (1 - kBeta1) * factor);
    tensor.second.mul_(second_beta_).addcmul_(gradient, gradient, (1 - second_beta_) * factor * factor);
    if (tensor.decays && decay_ > 0) tensor.value.mul_(1 - own_rate * decay_);
    const Tensor size = tensor.second.sqrt().div_(correction2).add_(kEpsilon);
    tensor.value.addcdiv_(tensor.first, size, -own_rate / correction1);
  }
  return norm;
}

}  // namespace gbrs
