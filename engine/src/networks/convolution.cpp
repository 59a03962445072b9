// SPDX-License-Identifier: Apache-2.0
#include "networks/convolution.hpp"

#include <ATen/ops/threshold_backward.h>
#include <ATen/ops/upsample_bilinear2d.h>

#include "networks/input_gradient.hpp"
#include "networks/learning_convolution.hpp"

namespace gbrs {
namespace {

Tensor forward(const Convolution& layer, const Tensor& x, const Tensor& addend) {
  Tensor y = convolve(x, layer.weight, layer.bias, layer.settings());
  if (addend.defined()) y.add_(addend);
  if (layer.activation == Activation::relu) y.relu_();
  if (layer.activation == Activation::relu6) y.clamp_(0, 6);
  return y;
}

/// The gradient with respect to the input of a convolution of stride 1: its adjoint is the convolution with
/// the kernel turned by 180 degrees and inputs and outputs exchanged. The activations' derivatives are read
/// off their outputs.
Tensor adjoint(const Convolution& layer, const Tensor& y, Tensor gradient) {
  if (layer.activation == Activation::relu6) gradient = gradient * (y < 6);
  if (layer.activation != Activation::none) gradient = at::threshold_backward(gradient, y, 0);
  // one output: every input's gradient is the output's times a number; convolutions are slow at that shape
  if (layer.weight.size(0) == 1 && layer.weight.size(2) == 1) {
    const Tensor rows = gradient.reshape({-1, 1}) * layer.weight.view({1, -1});
    return rows.view({gradient.size(0), gradient.size(2), gradient.size(3), -1}).permute({0, 3, 1, 2});
  }
  return convolve(gradient.contiguous(at::MemoryFormat::ChannelsLast), adjoint_weight(layer.weight, layer.groups), {},
                  adjoint_settings(layer.weight, layer.settings()));
}

}  // namespace

Tensor Convolution::operator()(const Tensor& x, const Tensor& addend) const {
  const bool has_gradient = wants_gradient(x);
  const bool learns =
      at::GradMode::is_enabled() && (weight.requires_grad() || (addend.defined() && addend.requires_grad()));
  // the adjoint below is for refinement: stride 1, in the types that answers are computed in
  if (learns || (has_gradient && (stride != 1 || x.scalar_type() == at::kBFloat16)))
    return learning_convolution(*this, x, addend);
  Tensor y;
  {
    const at::NoGradGuard no_grad;
    y = forward(*this, x, addend);
  }
  if (has_gradient)
    set_input_gradient(y, x, [layer = *this, y = y.detach()](const Tensor& gradient) { return adjoint(layer, y, gradient); });
  return y;
}

Convolution take_convolution(Weights& weights, const std::string& key, const ConvolutionShape& shape) {
  const std::int64_t groups = shape.is_depthwise ? shape.in : shape.groups;
  const std::int64_t in = shape.in / groups;
  const Tensor weight = weights.take(key + ".weight", {shape.out, in, shape.kernel, shape.kernel});
  return {.weight = weight.contiguous(at::MemoryFormat::ChannelsLast),
          .bias = shape.has_bias ? weights.take(key + ".bias", {shape.out}) : Tensor(),
          .activation = shape.activation,
          .stride = shape.stride,
          .dilation = shape.dilation,
          .groups = groups};
}

Tensor upsample(const Tensor& x, std::int64_t height, std::int64_t width) {
  if (x.size(2) == height && x.size(3) == width) return x;
  return at::upsample_bilinear2d(x, {height, width}, /*align_corners=*/true);
}

}  // namespace gbrs
