// SPDX-License-Identifier: Apache-2.0
#pragma once

// Bilinear samples of an answer at clicks: four places and four weights a click, made once a step.

#include <vector>

#include "layers/tensor.hpp"
#include "objectives/objective.hpp"

namespace gbrs {

class ClickSampler {
 public:
  /// For answers like `answer` [1,1,H,W] (shape, type, device).
  ClickSampler(const Tensor& answer, const std::vector<GridClick>& clicks);

  /// The answer's values at the clicks [n], differentiable.
  [[nodiscard]] Tensor sample(const Tensor& answer) const;

 private:
  Tensor places_;   // [n*4] indices into the flattened answer
  Tensor weights_;  // [n,4]
};

}  // namespace gbrs
