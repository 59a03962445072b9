// SPDX-License-Identifier: Apache-2.0
#include "networks/known_colours.hpp"

#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/cat.h>

#include <vector>

#include "networks/convolution.hpp"

namespace gbrs {

Tensor spread_colours(const Tensor& colours, const Tensor& known) {
  constexpr double kEnough = 4;  // pixels: so many count as much as all that a coarser cell knows
  std::vector<Tensor> levels{at::cat({colours * known, known}, 1)};
  while (levels.back().size(2) > 1 || levels.back().size(3) > 1)
    levels.push_back(at::avg_pool2d(levels.back(), {2, 2}, {2, 2}, {0, 0}, /*ceil_mode=*/true));
  Tensor result;
  double pixels = 1;
  for (std::size_t i = 1; i < levels.size(); ++i) pixels *= 4;
  for (std::size_t i = levels.size(); i-- > 0; pixels /= 4) {
    const Tensor share = levels[i].narrow(1, 3, 1);  // of the cell's pixels that are known
    const Tensor own = levels[i].narrow(1, 0, 3) / share.clamp_min(1e-12);
    const Tensor trust = share * pixels / (share * pixels + kEnough);
    result = result.defined() ? own * trust + upsample(result, own.size(2), own.size(3)) * (1 - trust) : own;
  }
  return result;
}

Tensor way_between(const Tensor& colours, const Tensor& object, const Tensor& background) {
  constexpr double kAlike = 0.04;  // squared distance, of 12 between black and white
  const Tensor way = object - background;
  const Tensor along = ((colours - background) * way).sum(1, /*keepdim=*/true);
  return ((along + kAlike / 2) / (way.square().sum(1, /*keepdim=*/true) + kAlike)).clamp(0, 1);
}

}  // namespace gbrs
