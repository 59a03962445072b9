// SPDX-License-Identifier: Apache-2.0
#include "refine/adam.hpp"

#include <ATen/ops/zeros_like.h>

#include <cmath>

namespace gbrs {
namespace {
constexpr double kBeta1 = 0.9;
constexpr double kBeta2 = 0.999;
constexpr double kEpsilon = 1e-8;
}  // namespace

Adam::Adam(double rate, const AdamState& state) : rate_(rate) {
  for (const Tensor& moment : state.first) state_.first.push_back(moment.clone());
  for (const Tensor& moment : state.second) state_.second.push_back(moment.clone());
  state_.steps = state.steps;
}

void Adam::step(const std::vector<Tensor>& parameters) {
  const at::NoGradGuard no_grad;
  if (state_.first.empty()) {
    for (const Tensor& parameter : parameters) {
      state_.first.push_back(at::zeros_like(parameter));
      state_.second.push_back(at::zeros_like(parameter));
    }
  }
  ++state_.steps;
  const double correction1 = 1 - std::pow(kBeta1, state_.steps);
  const double correction2 = std::sqrt(1 - std::pow(kBeta2, state_.steps));
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Tensor& parameter = parameters[i];
    const Tensor gradient = parameter.grad();
    if (!gradient.defined()) continue;
    Tensor& first = state_.first[i];
    Tensor& second = state_.second[i];
    first.mul_(kBeta1).add_(gradient, 1 - kBeta1);
    second.mul_(kBeta2).addcmul_(gradient, gradient, 1 - kBeta2);
    parameter.addcdiv_(first, second.sqrt().div_(correction2).add_(kEpsilon), -rate_ / correction1);
    parameter.mutable_grad() = Tensor();
  }
}

}  // namespace gbrs
