// SPDX-License-Identifier: Apache-2.0
#include "networks/densenet.hpp"

#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/max_pool2d.h>

namespace gbrs {

DenseNet::DenseNet(Weights& weights, const std::string& prefix) {
  std::int64_t channels = weights.shape(prefix + "conv0.weight", 4)[0];
  channels_.stem = channels;
  stem_ = take_normed(
      weights, prefix + "conv0", prefix + "norm0",
      {.in = 3, .out = channels, .kernel = 7, .activation = Activation::relu, .stride = 2, .has_bias = false});
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    blocks_[i] = take_block(weights, prefix + "denseblock" + number + ".denselayer", channels);
    if (i == channels_.transitions.size()) break;
    const std::string key = prefix + "transition" + number;
    const std::int64_t out = weights.shape(key + ".conv.weight", 4)[0];
    transitions_.push_back(
        {.norm = take_batch_norm(weights, key + ".norm", channels),
         .conv = take_convolution(weights, key + ".conv", {.in = channels, .out = out, .has_bias = false})});
    channels = out;
    channels_.transitions[i] = out;
  }
  norm5_ = take_batch_norm(weights, prefix + "norm5", channels);
  channels_.deep = channels;
}

std::vector<DenseNet::Layer> DenseNet::take_block(Weights& weights, const std::string& key, std::int64_t& channels) {
  std::vector<Layer> block;
  do {
    const std::string name = key + std::to_string(block.size() + 1);
    const std::int64_t width = weights.shape(name + ".conv1.weight", 4)[0];
    const std::int64_t growth = weights.shape(name + ".conv2.weight", 4)[0];
    block.push_back(
        {.norm1 = take_batch_norm(weights, name + ".norm1", channels),
         .conv1 = take_normed(weights, name + ".conv1", name + ".norm2",
                              {.in = channels, .out = width, .activation = Activation::relu, .has_bias = false}),
         .conv2 =
             take_convolution(weights, name + ".conv2", {.in = width, .out = growth, .kernel = 3, .has_bias = false})});
    channels += growth;
  } while (weights.has(key + std::to_string(block.size() + 1) + ".conv1.weight"));
  return block;
}

Tensor DenseNet::run(const std::vector<Layer>& block, const Tensor& x) {
  std::vector<Tensor> features{x};
  for (const Layer& layer : block)
    features.push_back(layer.conv2(layer.conv1(layer.norm1(at::cat(features, 1)).relu())));
  return at::cat(features, 1);
}

DenseNet::Levels DenseNet::levels(const Tensor& x) const {
  Levels levels;
  levels.relu0 = stem_(x);
  levels.pool0 = at::max_pool2d(levels.relu0, {3, 3}, {2, 2}, {1, 1});
  Tensor y = levels.pool0;
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    levels.blocks[i] = run(blocks_[i], y);
    if (i == transitions_.size()) break;
    // pooling and the 1x1 convolution commute: pooled first, it has a quarter of the pixels
    const Tensor pooled = at::avg_pool2d(transitions_[i].norm(levels.blocks[i]).relu(), {2, 2}, {2, 2});
    y = levels.transitions[i] = transitions_[i].conv(pooled);
  }
  levels.norm5 = norm5_(levels.blocks.back());
  return levels;
}

}  // namespace gbrs
