// SPDX-License-Identifier: Apache-2.0
#pragma once

// AdamW: Adam with bias correction, beta1 0.9, eps 1e-8, and weight decay apart from the gradient (I.
// Loshchilov, F. Hutter, arXiv:1711.05101). The gradients' common norm is clipped before. Refinement's own Adam
// (refine/adam.hpp) has neither, nor a rate that changes.

#include <cstdint>
#include <vector>

#include "layers/tensor.hpp"

namespace gbrs {

/// A leaf tensor that learns, with its moments.
struct LearningTensor {
  Tensor value;
  double rate_factor = 1;
  bool decays = true;
  Tensor first;   ///< running mean of the gradient
  Tensor second;  ///< of its square
};

class AdamW {
 public:
  /// `second_beta`: of the gradient's square; `decay`: of rate * value a step; `clip`: largest norm of all gradients
  /// together, 0: none.
  AdamW(double second_beta, double decay, double clip) : second_beta_(second_beta), decay_(decay), clip_(clip) {}

  /// One step along the gradients, which are then dropped. Returns their norm before clipping; where it is not finite
  /// no value changes. A tensor without gradient keeps its value.
  double step(std::vector<LearningTensor>& tensors, double rate);

  [[nodiscard]] std::int64_t steps() const { return steps_; }
  void set_steps(std::int64_t steps) { steps_ = steps; }

 private:
  double second_beta_;
  double decay_;
  double clip_;
  std::int64_t steps_ = 0;
};

}  // namespace gbrs
