// SPDX-License-Identifier: Apache-2.0
#include "networks/split_convolution.hpp"

#include <ATen/ops/cat.h>

namespace gbrs {

SplitConvolution::SplitConvolution(const Convolution& convolution, std::int64_t first, std::int64_t count)
    : of_x_(convolution), of_skip_(convolution) {
  const Tensor& weight = convolution.weight;
  const auto inputs = [](const Tensor& part) { return part.contiguous(at::MemoryFormat::ChannelsLast); };
  of_skip_.weight = inputs(weight.slice(1, first, first + count));
  of_skip_.activation = Activation::none;
  of_x_.weight = inputs(at::cat({weight.slice(1, 0, first), weight.slice(1, first + count)}, 1));
  of_x_.bias = Tensor();
}

}  // namespace gbrs
