// SPDX-License-Identifier: Apache-2.0
#pragma once

// Adam with bias correction, beta 0.9 and 0.999, eps 1e-8, no weight decay (method.md, Loop). Torch's own
// is left out because its header alone would double the compile time of the room, and its state could not be
// kept between clicks as a plain value.
//
// A first step is about rate * sign(gradient) whatever the gradient's size: the rate is a length in
// parameter units.

#include <vector>

#include "layers/tensor.hpp"

namespace gbrs {

/// Moments of every parameter and the number of steps made; empty before the first.
struct AdamState {
  std::vector<Tensor> first;
  std::vector<Tensor> second;
  int steps = 0;
};

class Adam {
 public:
  /// Continues from a copy of `state`.
  explicit Adam(double rate, const AdamState& state = {});

  /// One step of the leaf tensors `parameters` along their gradients, which are then dropped. A parameter
  /// without gradient keeps its value.
  void step(const std::vector<Tensor>& parameters);

  [[nodiscard]] const AdamState& state() const { return state_; }

 private:
  double rate_;
  AdamState state_;
};

}  // namespace gbrs
