// SPDX-License-Identifier: Apache-2.0
#pragma once

// Convolution and its gradients written out as matrix products and shifted sums, in float32 or float64: what the fast
// ways are held against, and what computes where they are wrong.

#include "layers/tensor.hpp"
#include "networks/plain_convolution.hpp"

namespace gbrs {

/// x [B,C,H,W], weight [out,C/groups,k,k] -> [B,out,h,w]; groups are 1 or C = out (depthwise).
[[nodiscard]] Tensor convolve_by_products(const Tensor& x, const Tensor& weight, const ConvolutionSettings& settings);

/// `gradient` [B,out,h,w] is that of the output; returns that of x [B,C,H,W].
[[nodiscard]] Tensor x_gradient_by_products(const Tensor& gradient, const Tensor& x, const Tensor& weight,
                                            const ConvolutionSettings& settings);

struct WeightGradients {
  Tensor weight;  ///< [out,C/groups,k,k]
  Tensor bias;    ///< [out]
};
[[nodiscard]] WeightGradients weight_gradients_by_products(const Tensor& gradient, const Tensor& x,
                                                           const Tensor& weight, const ConvolutionSettings& settings);

}  // namespace gbrs
