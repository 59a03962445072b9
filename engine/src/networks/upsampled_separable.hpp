// SPDX-License-Identifier: Apache-2.0
#pragma once

// relu(pointwise(relu(depthwise3x3(upsample(x)))) + shares), then maybe one more pointwise convolution, the head: the
// levels of a decoder, on which an iteration of the refinement spends its time. Step by step each of these passes
// writes and reads maps that no cache holds, four times as large as x; here rows go through all of them while they
// are in the cache, and the gradient comes back the same way. Grids have corners on corners: the fine one has 2 n - 1
// rows where the coarse one has n.

#include <cstdint>

#include "networks/convolution.hpp"

namespace gbrs {

struct Image;  // rows.hpp

/// Frozen weights as the rows' functions read them.
class UpsampledSeparable {
 public:
  UpsampledSeparable() = default;
  /// depthwise: 3x3 of stride 1 with bias, then ReLU; pointwise: 1x1, then ReLU. Its bias is among the shares. Of
  /// weights that learn nothing is kept: fits() is false then.
  UpsampledSeparable(const Convolution& depthwise, const Convolution& pointwise);
  /// With a head: 1x1 with bias, to several channels and ReLU, or to one channel without.
  UpsampledSeparable(const UpsampledSeparable& level, const Convolution& head);

  /// Whether x [1,C,h,w] and shares [1,M,2h-1,2w-1] can be computed here: 32-bit floats on the CPU, numbers of channels
  /// that fill the processor's vectors.
  [[nodiscard]] bool fits(const Tensor& x, const Tensor& shares) const;

  /// [1,M,2h-1,2w-1], with a head its number of channels; channels last. Gradients go to x only.
  [[nodiscard]] Tensor operator()(const Tensor& x, const Tensor& shares) const;

 private:
  struct Matrix {
    Tensor values;  ///< [in,out]; undefined: none
    Tensor turned;  ///< [out,in]
    Tensor bias;    ///< [out]; undefined: none

    explicit Matrix(const Convolution& pointwise);
    Matrix() = default;
    [[nodiscard]] std::int64_t out() const { return values.size(1); }
    [[nodiscard]] std::int64_t size() const { return values.defined() ? values.numel() : 0; }
  };
  struct Weights {
    Tensor kernel;         ///< [3,3,C]
    Tensor turned_kernel;  ///< by 180 degrees
    Tensor bias;           ///< [C]
    Matrix pointwise, head;

    [[nodiscard]] std::int64_t channels() const { return bias.size(0); }
    [[nodiscard]] bool has_head() const { return head.values.defined(); }
    [[nodiscard]] bool has_head_relu() const { return has_head() && head.out() > 1; }
  };
  /// Where outputs are above zero: a row of bits for each row of values [H, W channels / 8].
  struct Positive {
    Tensor depthwise, pointwise, head;  // the last one undefined without a ReLU
  };
  class Gradient;

  [[nodiscard]] Positive compute(const Tensor& x, const Tensor& shares, const Tensor& result) const;
  void compute(const Image& coarse, const Image& addend, const Image& fine, const Positive& kept, std::int64_t begin,
               std::int64_t end) const;
  [[nodiscard]] static std::int64_t multiply_adds_a_pixel(const Weights& weights);

  Weights weights_;
};

}  // namespace gbrs
