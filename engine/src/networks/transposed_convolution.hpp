// SPDX-License-Identifier: Apache-2.0
#pragma once

// Transposed convolutions of stride 2 that double the size, written as a convolution that gives the four pixels of each
// cell as four groups of channels, and a shuffle: the fast and checked ways of convolution.hpp then serve them, too.

#include <string>

#include "networks/convolution.hpp"

namespace gbrs {

struct TransposedConvolution {
  Convolution cells;  ///< [4 out,in,k,k]

  /// [B,in,h,w] -> [B,out,2h,2w].
  [[nodiscard]] Tensor operator()(const Tensor& x) const;
};

/// Takes KEY.weight [in,out,k,k], without bias: k = 2 without padding, or k = 3 with padding 1 and output padding 1.
[[nodiscard]] TransposedConvolution take_transposed_convolution(Weights& weights, const std::string& key,
                                                                std::int64_t in, std::int64_t out, std::int64_t kernel);

}  // namespace gbrs
