// SPDX-License-Identifier: Apache-2.0
#include "networks/resnet.hpp"

#include <ATen/ops/max_pool2d.h>

#include <array>

namespace gbrs {
namespace {

using enum Activation;

/// Strides and dilations that keep layers 3 and 4 at 1/8; their first blocks begin with half the dilation.
struct LayerShape {
  std::int64_t stride, first_dilation, dilation;
};
constexpr std::array<LayerShape, 4> kLayers{{{1, 1, 1}, {2, 1, 1}, {1, 1, 2}, {1, 2, 4}}};

}  // namespace

ResidualBlock::ResidualBlock(Weights& weights, const std::string& key, const ResidualShape& shape) {
  const auto take = [&](int number, std::int64_t in, ConvolutionShape convolution) {
    const std::string index = std::to_string(number), name = key + ".conv" + index;
    convolution.in = in;
    convolution.out = weights.shape(name + ".weight", 4)[0];
    convolution.has_bias = false;
    convolutions_.push_back(take_normed(weights, name, key + ".bn" + index, convolution));
    return convolution.out;
  };
  if (weights.has(key + ".conv3.weight")) {
    std::int64_t width = take(1, shape.in, {.activation = relu});
    width = take(2, width, {.kernel = 3, .activation = relu, .stride = shape.stride, .dilation = shape.dilation});
    take(3, width, {});
  } else {
    const std::int64_t width =
        take(1, shape.in, {.kernel = 3, .activation = relu, .stride = shape.stride, .dilation = shape.dilation});
    take(2, width, {.kernel = 3, .dilation = shape.second_dilation});
  }
  if (weights.has(key + ".downsample.0.weight")) {
    shortcut_ = take_normed(weights, key + ".downsample.0", key + ".downsample.1",
                            {.in = shape.in, .out = out(), .stride = shape.stride, .has_bias = false});
  } else if (out() != shape.in || shape.stride != 1) {
    throw WeightError("missing key " + key + ".downsample.0.weight");
  }
}

Tensor ResidualBlock::operator()(const Tensor& x) const {
  Tensor y = x;
  for (const Convolution& convolution : convolutions_) y = convolution(y);
  const Tensor shortcut = shortcut_ ? (*shortcut_)(x) : x;
  return at::GradMode::is_enabled() ? (y + shortcut).relu() : y.add_(shortcut).relu_();
}

std::vector<ResidualBlock> take_residual_blocks(Weights& weights, const std::string& key, const ResidualShape& first,
                                                ResidualShape others) {
  std::vector<ResidualBlock> blocks{ResidualBlock(weights, key + ".0", first)};
  others.in = blocks.front().out();
  for (int i = 1;; ++i) {
    const std::string name = key + "." + std::to_string(i);
    if (!weights.has(name + ".conv1.weight")) return blocks;
    blocks.emplace_back(weights, name, others);
  }
}

Tensor run(const std::vector<ResidualBlock>& blocks, Tensor x) {
  for (const ResidualBlock& block : blocks) x = block(x);
  return x;
}

ResNet::ResNet(Weights& weights, const std::string& prefix) {
  const std::string conv1 = prefix + ".conv1";
  const std::int64_t width = weights.shape(prefix + ".bn1.weight", 1)[0];
  if (weights.has(conv1 + ".weight")) {
    stem_ = {take_convolution(weights, conv1, {.in = 3, .out = width, .kernel = 7, .stride = 2, .has_bias = false})};
  } else {
    const std::int64_t half = weights.shape(conv1 + ".0.weight", 4)[0];
    const ConvolutionShape shape{.in = 3, .out = half, .kernel = 3, .activation = relu, .stride = 2, .has_bias = false};
    ConvolutionShape inner = shape;
    inner.in = half;
    inner.stride = 1;
    stem_ = {take_normed(weights, conv1 + ".0", conv1 + ".1", shape),
             take_normed(weights, conv1 + ".3", conv1 + ".4", inner),
             take_convolution(weights, conv1 + ".6", {.in = half, .out = width, .kernel = 3, .has_bias = false})};
  }
  norm_ = take_batch_norm(weights, prefix + ".bn1", width);
  std::int64_t channels = width;
  for (const LayerShape& layer : kLayers) {
    const std::string key = prefix + ".layer" + std::to_string(layers_.size() + 1);
    layers_.push_back(take_residual_blocks(
        weights, key,
        {.in = channels, .stride = layer.stride, .dilation = layer.first_dilation, .second_dilation = layer.dilation},
        {.dilation = layer.dilation, .second_dilation = layer.dilation}));
    channels = layers_.back().back().out();
  }
}

Tensor ResNet::stem(const Tensor& x) const {
  Tensor y = x;
  for (const Convolution& convolution : stem_) y = convolution(y);
  return y;
}

ResNet::Levels ResNet::levels(const Tensor& activated) const {
  const Tensor pooled = at::max_pool2d(activated, {3, 3}, {2, 2}, {1, 1});
  Levels levels;
  levels.c1 = run(layers_[0], pooled);
  levels.c2 = run(layers_[1], levels.c1);
  levels.c3 = run(layers_[2], levels.c2);
  levels.c4 = run(layers_[3], levels.c3);
  return levels;
}

}  // namespace gbrs
