// SPDX-License-Identifier: Apache-2.0
// Convolutions that learn against torch's own in float64, and the products they are held against.

#include "networks/learning_convolution.hpp"

#include <ATen/ops/conv2d.h>
#include <gtest/gtest.h>

#include "networks/convolution_by_products.hpp"
#include "support/tensors.hpp"

namespace gbrs::test {
namespace {

struct Shape {
  std::int64_t in, out, kernel, stride, dilation;
  bool is_depthwise;
};

// those whose gradients oneDNN 3.7.2 computes wrongly are among them: depthwise with stride or dilation, one output
constexpr std::array kShapes{
    Shape{6, 9, 1, 1, 1, false},    Shape{32, 1, 1, 1, 1, false}, Shape{5, 16, 3, 2, 1, false},
    Shape{16, 112, 1, 1, 1, false}, Shape{12, 12, 3, 1, 1, true}, Shape{32, 32, 3, 2, 1, true},
    Shape{32, 32, 3, 1, 2, true},   Shape{32, 32, 3, 1, 4, true}, Shape{16, 32, 4, 2, 1, false}};

Tensor with_gradient(const Tensor& values) {
  const Tensor tensor = values.dim() == 4 ? values.contiguous(at::MemoryFormat::ChannelsLast) : values.clone();
  return tensor.detach().set_requires_grad(true);
}

struct Layer {
  Convolution convolution;
  Tensor x, addend;
};

Layer make_layer(const Shape& shape, Activation activation, at::ScalarType type) {
  const std::int64_t in = shape.is_depthwise ? 1 : shape.in;
  const std::int64_t side = (21 - 1 - (1 - shape.kernel % 2)) / shape.stride + 1;  // an even kernel pads one less
  // rounded, so that float64 begins with the same numbers
  const auto values = [&](at::IntArrayRef sizes, double phase) {
    return with_gradient(wavy(sizes, phase).to(at::kBFloat16).to(type));
  };
  return {{.weight = values({shape.out, in, shape.kernel, shape.kernel}, 1),
           .bias = values({shape.out}, 2),
           .activation = activation,
           .stride = shape.stride,
           .dilation = shape.dilation,
           .groups = shape.is_depthwise ? shape.in : 1},
          values({2, shape.in, 21, 21}, 0),
          values({2, shape.out, side, side}, 3)};
}

Tensor reference(const Layer& layer) {
  const ConvolutionSettings settings = layer.convolution.settings();
  const Tensor y = at::conv2d(layer.x, layer.convolution.weight, layer.convolution.bias, settings.stride,
                              settings.padding, settings.dilation, settings.groups) +
                   layer.addend;
  if (layer.convolution.activation == Activation::relu) return y.relu();
  return layer.convolution.activation == Activation::relu6 ? y.clamp(0, 6) : y;
}

double relative(const Tensor& found, const Tensor& expected) {
  return ((found.to(at::kDouble) - expected).norm() / expected.norm()).item<double>();
}

TEST(LearningConvolution, ValueAndAllGradientsAreThoseOfFloat64) {
  for (const at::ScalarType type : {at::kDouble, at::kFloat, at::kBFloat16}) {
    for (const Shape& shape : kShapes) {
      for (const Activation activation : {Activation::none, Activation::relu, Activation::relu6}) {
        const Layer layer = make_layer(shape, activation, type), exact = make_layer(shape, activation, at::kDouble);
        const Tensor y = learning_convolution(layer.convolution, layer.x, layer.addend);
        const Tensor expected = reference(exact);
        const Tensor cotangent = wavy(expected.sizes(), 4).to(at::kBFloat16);
        (y * cotangent.to(type)).sum().backward();
        (expected * cotangent.to(at::kDouble)).sum().backward();
        // bfloat16 rounds to 4e-3 and moves values across the activations' bends
        const double tolerance = type == at::kDouble ? 1e-12 : type == at::kFloat ? 1e-4 : 0.12;
        const std::string name = std::to_string(shape.in) + " to " + std::to_string(shape.out) + ", stride " +
                                 std::to_string(shape.stride) + ", dilation " + std::to_string(shape.dilation) + ", " +
                                 c10::toString(type);
        EXPECT_LT(relative(y.detach(), expected.detach()), type == at::kBFloat16 ? 1e-2 : tolerance) << name;
        EXPECT_LT(relative(layer.x.grad(), exact.x.grad()), tolerance) << name;
        EXPECT_LT(relative(layer.convolution.weight.grad(), exact.convolution.weight.grad()), tolerance) << name;
        EXPECT_LT(relative(layer.convolution.bias.grad(), exact.convolution.bias.grad()), tolerance) << name;
        EXPECT_LT(relative(layer.addend.grad(), exact.addend.grad()), tolerance) << name;
      }
    }
  }
  const ConvolutionTrials trials = convolution_trials();
  EXPECT_GT(trials.forward, 0);
  EXPECT_GT(trials.gradients, 0);
}

TEST(LearningConvolution, ProductsAreTheConvolutionAndItsGradients) {
  for (const Shape& shape : kShapes) {
    const Layer layer = make_layer(shape, Activation::none, at::kDouble);
    const Tensor expected = reference(layer);
    const Tensor cotangent = wavy(expected.sizes(), 4);
    (expected * cotangent).sum().backward();
    const at::NoGradGuard no_grad;
    const ConvolutionSettings settings = layer.convolution.settings();
    const Tensor y = convolve_by_products(layer.x, layer.convolution.weight, settings) +
                     layer.convolution.bias.view({1, -1, 1, 1}) + layer.addend;
    EXPECT_LT(relative(y, expected), 1e-12);
    const Tensor of_x = x_gradient_by_products(cotangent, layer.x, layer.convolution.weight, settings);
    const auto own = weight_gradients_by_products(cotangent, layer.x, layer.convolution.weight, settings);
    EXPECT_LT(relative(of_x, layer.x.grad()), 1e-12);
    EXPECT_LT(relative(own.weight, layer.convolution.weight.grad()), 1e-12);
    EXPECT_LT(relative(own.bias, layer.convolution.bias.grad()), 1e-12);
  }
}

TEST(LearningConvolution, FrozenWeightsLetGradientsThroughStrides) {
  const Shape shape{8, 8, 3, 2, 1, true};
  Layer layer = make_layer(shape, Activation::relu6, at::kDouble),
        exact = make_layer(shape, Activation::relu6, at::kDouble);
  layer.convolution.weight = layer.convolution.weight.detach();
  layer.convolution.bias = layer.convolution.bias.detach();
  layer.convolution(layer.x, layer.addend.detach()).sum().backward();
  reference(exact).sum().backward();
  EXPECT_LT(relative(layer.x.grad(), exact.x.grad()), 1e-12);
}

}  // namespace
}  // namespace gbrs::test
