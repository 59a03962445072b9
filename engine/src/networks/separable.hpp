// SPDX-License-Identifier: Apache-2.0
#pragma once

// A depthwise separable convolution over concatenated inputs: depthwise 3x3 + ReLU, pointwise + ReLU. The
// first half treats every channel for itself and the second is a sum over channels, so the layer is split by
// input: each input's share is computed when that input is known, and what neither clicks nor iterations
// change is computed once.
//
//   layer(a, layer.share(1, b) + layer.share(2, c)) == relu(pointwise(relu(depthwise(concat(a, b, c)))))
//
// up to the order of the sums. The pointwise bias belongs to the last share.

#include <span>
#include <string>
#include <vector>

#include "networks/convolution.hpp"
#include "networks/upsampled_separable.hpp"

namespace gbrs {

class SplitSeparable {
 public:
  /// Takes KEY.depthwise and KEY.pointwise; `parts` are the inputs' channels.
  SplitSeparable(Weights& weights, const std::string& key, const std::vector<std::int64_t>& parts, std::int64_t out);

  /// The share of input `part` >= 1, [1,parts[part],h,w] -> [1,out,h,w].
  [[nodiscard]] Tensor share(std::size_t part, const Tensor& x) const;

  /// The layer's output [1,out,h,w] from its first input and the sum of the other inputs' shares.
  [[nodiscard]] Tensor operator()(const Tensor& x, const Tensor& shares = {}) const;

  /// The same of x upsampled to the size of the shares [1,out,H,W], corners on corners.
  [[nodiscard]] Tensor upsampled(const Tensor& x, const Tensor& shares) const;

 private:
  struct Part {
    Convolution depthwise;
    Convolution pointwise;
  };
  friend class UpsampledHead;

  std::vector<Part> parts_;
  UpsampledSeparable upsampled_;
};

/// head(level.upsampled(x, shares)), in one pass over rows where that is possible.
class UpsampledHead {
 public:
  /// The head: 1x1 with bias, to several channels and ReLU, or to one channel without.
  UpsampledHead(SplitSeparable level, Convolution head);

  [[nodiscard]] Tensor operator()(const Tensor& x, const Tensor& shares) const;

 private:
  SplitSeparable level_;
  Convolution head_;
  UpsampledSeparable fused_;
};

}  // namespace gbrs
