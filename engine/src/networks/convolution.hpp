// SPDX-License-Identifier: Apache-2.0
#pragma once

// Convolutions with folded batch norm, as small networks are made of: weight, bias, activation. Padding is symmetric,
// dilation * (k - 1) / 2, which for sizes 16m+1 equals the "same" padding the networks were trained with, or none.
//
// Features are kept in channels-last memory. Weights are frozen unless they ask for gradients themselves (training):
// a gradient goes through to the input only. It is again a convolution, with the weights turned
// round: with torch's own gradients an iteration takes ten times as long (tests/bench/refine_bench.cpp).

#include <cstdint>
#include <string>

#include "layers/tensor.hpp"
#include "networks/plain_convolution.hpp"
#include "networks/weights.hpp"

namespace gbrs {

enum class Activation { none, relu, relu6 };

/// Convolution with square kernel: dense, in groups or depthwise.
struct Convolution {
  Tensor weight;  ///< [out,in,k,k], depthwise [C,1,k,k]
  Tensor bias;    ///< [out]; undefined: none
  Activation activation = Activation::none;
  std::int64_t stride = 1;
  std::int64_t dilation = 1;
  std::int64_t groups = 1;  ///< C: depthwise
  bool is_padded = true;

  /// activation(convolution(x) + addend), x [B,in,h,w]; the addend [B,out,h',w'] may be undefined and, with frozen
  /// weights, gets no gradient.
  [[nodiscard]] Tensor operator()(const Tensor& x, const Tensor& addend = {}) const;

  [[nodiscard]] ConvolutionSettings settings() const {
    return {.stride = stride,
            .padding = is_padded ? dilation * (weight.size(2) - 1) / 2 : 0,
            .dilation = dilation,
            .groups = groups};
  }
};

struct ConvolutionShape {
  std::int64_t in = 0;
  std::int64_t out = 0;
  std::int64_t kernel = 1;
  Activation activation = Activation::none;
  std::int64_t stride = 1;
  std::int64_t dilation = 1;
  bool is_depthwise = false;  ///< in == out
  std::int64_t groups = 1;    ///< of those that are not depthwise
  bool has_bias = true;
};

/// Takes KEY.weight and, where there is one, KEY.bias.
[[nodiscard]] Convolution take_convolution(Weights& weights, const std::string& key, const ConvolutionShape& shape);

/// Bilinear, corners on corners; x itself where it has that size.
[[nodiscard]] Tensor upsample(const Tensor& x, std::int64_t height, std::int64_t width);

}  // namespace gbrs
