// SPDX-License-Identifier: Apache-2.0
#pragma once

// Bilinear samples of an answer at clicks: four places and four weights a click, made once a step.

#include <span>

#include "layers/tensor.hpp"
#include "objectives/objective.hpp"

namespace gbrs {

class ClickSampler {
 public:
  /// For answers like `answer` [1,C,H,W] (shape, type, device). Clicks beyond the grid's edge take its nearest value.
  ClickSampler(const Tensor& answer, std::span<const GridClick> clicks);

  /// The answer's values at the clicks [C,n], differentiable.
  [[nodiscard]] Tensor sample(const Tensor& answer) const;

 private:
  Tensor places_;   // [n*4] indices into the flattened maps
  Tensor weights_;  // [n,4]
};

/// The same for one click [C].
[[nodiscard]] Tensor sample_at(const Tensor& answer, const GridClick& click);

}  // namespace gbrs
