// SPDX-License-Identifier: Apache-2.0
#include "refine/step_length.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace gbrs {
namespace {

constexpr int kEvaluations = 12;
constexpr double kTolerance = 0.02;
constexpr double kFastest = 4;  ///< a longer step is at most so many times the one before

}  // namespace

std::vector<Tensor> copies(const std::vector<Tensor>& parameters) {
  std::vector<Tensor> all;
  for (const Tensor& parameter : parameters) all.push_back(parameter.detach().clone());
  return all;
}

void search_step_length(const std::vector<Tensor>& before, const std::vector<Tensor>& parameters,
                        const std::function<double()>& share) {
  const at::NoGradGuard no_grad;
  const std::vector<Tensor> step = copies(parameters);
  for (std::size_t i = 0; i < step.size(); ++i) step[i].sub_(before[i]);
  double too_short = 0;
  double too_long = std::numeric_limits<double>::infinity();
  double length = 1;
  for (int evaluation = 1; evaluation <= kEvaluations; ++evaluation) {
    const double made = share();
    if (std::abs(made - 1) <= kTolerance || evaluation == kEvaluations) return;
    const bool is_short = made > 0 && made < 1;
    (is_short ? too_short : too_long) = length;
    const double linear = made > 0 ? length / made : 0;  // exact where the answer moves in proportion
    if (std::isinf(too_long))
      length = std::min(linear, kFastest * length);
    else
      length = linear > too_short && linear < too_long ? linear : (too_short + too_long) / 2;
    for (std::size_t i = 0; i < step.size(); ++i) parameters[i].copy_(before[i] + length * step[i]);
  }
}

}  // namespace gbrs
