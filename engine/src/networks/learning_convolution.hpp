// SPDX-License-Identifier: Apache-2.0
#pragma once

// Convolutions that learn: with gradients for input, weights, bias and addend, by the fastest way that is right.
//
// oneDNN is not always right (see plain_convolution.hpp). Of the gradients, 3.7.2 (Debian 13) computes the input's
// wrongly where a depthwise convolution is dilated or strided, and where there is one output, in float32 and bfloat16
// alike. So each kind of convolution (shapes, type, threads) is tried once on random numbers, forward and backward,
// against matrix products and shifted sums in float32. A wrong gradient of the input is computed by the adjoint
// convolution, everything else that fails by those products.

#include <string>

#include "layers/tensor.hpp"
#include "networks/convolution.hpp"

namespace gbrs {

/// activation(convolution(x) + addend), x [B,in,h,w], addend [B,out,h',w'] or undefined. Any of x, weight, bias and
/// addend may ask for a gradient.
[[nodiscard]] Tensor learning_convolution(const Convolution& layer, const Tensor& x, const Tensor& addend);

/// How many kinds were tried so far, and which failed; for a log.
struct ConvolutionTrials {
  int forward = 0;
  int gradients = 0;  ///< the input's and the weights' apart
  int wrong_forward = 0;
  int wrong_gradients = 0;
};
[[nodiscard]] ConvolutionTrials convolution_trials();

}  // namespace gbrs
