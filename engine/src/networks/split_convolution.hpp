// SPDX-License-Identifier: Apache-2.0
#pragma once

// A convolution over concatenated inputs, split into sums: the share of the inputs that iterations do not change
// (skips) is computed once a frame.
//
//   layer(x, layer.share(skip)) == convolution(concat(x, skip))
//
// up to the order of the sums. The bias belongs to the share, the activation to the sum.

#include "networks/convolution.hpp"

namespace gbrs {

class SplitConvolution {
 public:
  SplitConvolution() = default;
  /// The skip is inputs first to first + count; x is all others, in their order.
  SplitConvolution(const Convolution& convolution, std::int64_t first, std::int64_t count);

  /// [B,count,h,w] -> [B,out,h,w].
  [[nodiscard]] Tensor share(const Tensor& skip) const { return of_skip_(skip); }
  [[nodiscard]] Tensor operator()(const Tensor& x, const Tensor& share) const { return of_x_(x, share); }
  [[nodiscard]] std::int64_t out() const { return of_x_.weight.size(0); }

 private:
  Convolution of_x_, of_skip_;
};

}  // namespace gbrs
