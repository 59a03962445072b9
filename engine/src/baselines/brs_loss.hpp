// SPDX-License-Identifier: Apache-2.0
#pragma once

// The loss of BRS and f-BRS as published: with p the probability, P and N squares of 3x3 ones around the including
// and the excluding clicks,
//
//   sum((1-p) P)^2 / (sum P + 1e-5)  +  sum(p N)^2 / (sum N + 1e-5)
//
// over the image and, where there is one, its mirror image. Squares follow the published code's index arithmetic: one
// whose first row or column is above or left of the image marks nothing.

#include <cstdint>
#include <span>

#include "layers/tensor.hpp"
#include "networks/network.hpp"

namespace gbrs {

class BrsLoss {
 public:
  /// `items`: the clicks of each image of the batch, in pixels of answers [items,1,h,w]; positions are rounded.
  BrsLoss(std::span<const std::vector<PromptClick>> items, std::int64_t height, std::int64_t width,
          const Tensor& like);

  struct Value {
    Tensor loss;              ///< differentiable where the logits are
    double worst_included = 0;  ///< largest 1 - p within P, 0 without one
    double worst_excluded = 0;  ///< largest p within N
  };
  [[nodiscard]] Value operator()(const Tensor& logits) const;

 private:
  Tensor included_, excluded_;  // [items,1,h,w], zeros and ones
};

}  // namespace gbrs
