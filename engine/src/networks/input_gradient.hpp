// SPDX-License-Identifier: Apache-2.0
#pragma once

// Gradients written by hand, for what is computed from one input with frozen weights.

#include <functional>

#include "layers/tensor.hpp"

namespace gbrs {

/// Whether something computed from x now needs a gradient.
[[nodiscard]] bool wants_gradient(const Tensor& x);

/// `backward` turns the gradient with respect to y, which was computed without a graph, into that with respect to x. It
/// runs without a graph, too, and must not hold y itself, which would own its own owner.
void set_input_gradient(const Tensor& y, const Tensor& x, std::function<Tensor(const Tensor& gradient)> backward);

}  // namespace gbrs
