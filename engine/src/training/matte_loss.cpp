// SPDX-License-Identifier: Apache-2.0
#include "training/matte_loss.hpp"

#include <ATen/ops/avg_pool2d.h>

#include "networks/convolution.hpp"

namespace gbrs {
namespace {

constexpr int kLevels = 5;

/// |x| without a corner at 0.
Tensor size_of(const Tensor& x) { return (x.square() + 1e-8).sqrt() - 1e-4; }

Tensor pyramid_sum(Tensor error) {
  Tensor sum;
  double weight = 1;
  for (int level = 0; level < kLevels && error.size(2) > 1 && error.size(3) > 1; ++level) {
    const Tensor coarse = at::avg_pool2d(error, {2, 2}, {2, 2}, {0, 0}, /*ceil_mode=*/true);
    const Tensor own = weight * size_of(error - upsample(coarse, error.size(2), error.size(3))).sum();
    sum = sum.defined() ? sum + own : own;
    error = coarse;
    weight *= 2;
  }
  return sum;
}

}  // namespace

Tensor matte_loss(const Tensor& alpha, const Tensor& truth, const Tensor& unknown, const Tensor& contrast,
                  const MatteLossRecipe& recipe) {
  const Tensor error = (alpha - truth) * unknown;
  const Tensor sizes = size_of(error);
  Tensor loss = (sizes * (1 + recipe.composition * contrast)).sum();
  if (recipe.pyramid > 0) loss = loss + recipe.pyramid * pyramid_sum(error);
  return loss / unknown.sum().clamp_min(1);
}

}  // namespace gbrs
