// SPDX-License-Identifier: Apache-2.0
#include "networks/convolution.hpp"

#include <ATen/ops/conv2d.h>
#include <ATen/ops/upsample_bilinear2d.h>

namespace gbrs {

Tensor Convolution::operator()(const Tensor& x) const {
  const std::int64_t padding = dilation * (weight.size(2) - 1) / 2;
  const Tensor y = at::conv2d(x, weight, bias, stride, padding, dilation, groups);
  switch (activation) {
    case Activation::relu: return y.relu();
    case Activation::relu6: return y.clamp(0, 6);
    case Activation::none: break;
  }
  return y;
}

Convolution take_convolution(Weights& weights, const std::string& key, const ConvolutionShape& shape) {
  const std::int64_t in = shape.is_depthwise ? 1 : shape.in;
  const Tensor weight = weights.take(key + ".weight", {shape.out, in, shape.kernel, shape.kernel});
  return {.weight = weight.contiguous(at::MemoryFormat::ChannelsLast),
          .bias = weights.take(key + ".bias", {shape.out}),
          .activation = shape.activation,
          .stride = shape.stride,
          .dilation = shape.dilation,
          .groups = shape.is_depthwise ? shape.in : 1};
}

Tensor upsample(const Tensor& x, std::int64_t height, std::int64_t width) {
  return at::upsample_bilinear2d(x, {height, width}, /*align_corners=*/true);
}

}  // namespace gbrs
