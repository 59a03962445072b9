// SPDX-License-Identifier: Apache-2.0
#include "networks/mobile_vit.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/matmul.h>

#include <cmath>

namespace gbrs {
namespace {

using enum Activation;

constexpr std::int64_t kHeads = 4;

Convolution take_plain(Weights& weights, const std::string& key, ConvolutionShape shape) {
  shape.has_bias = false;
  return take_convolution(weights, key, shape);
}

Convolution take_normed_at(Weights& weights, const std::string& key, int place, ConvolutionShape shape) {
  shape.has_bias = false;
  return take_normed(weights, key + std::to_string(place), key + std::to_string(place + 1), shape);
}

Linear take_linear(Weights& weights, const std::string& key, std::int64_t in, std::int64_t out, bool has_bias) {
  return {.weight = weights.take(key + ".weight", {out, in}),
          .bias = has_bias ? weights.take(key + ".bias", {out}) : Tensor()};
}

/// [B,d,h,w] -> [B,4,h/2 w/2,d]: by place in the patch, then by patch.
Tensor unfolded(const Tensor& x) {
  const std::int64_t batch = x.size(0), width = x.size(1), h = x.size(2), w = x.size(3);
  return x.reshape({batch, width, h / 2, 2, w / 2, 2})
      .permute({0, 3, 5, 2, 4, 1})
      .reshape({batch, 4, h * w / 4, width});
}

Tensor refolded(const Tensor& tokens, const Tensor& like) {
  const std::int64_t h = like.size(2), w = like.size(3);
  return tokens.reshape({like.size(0), 2, 2, h / 2, w / 2, -1})
      .permute({0, 5, 3, 1, 4, 2})
      .reshape({like.size(0), -1, h, w})
      .contiguous(at::MemoryFormat::ChannelsLast);
}

}  // namespace

ConvolutionPair take_convolution_pair(Weights& weights, const std::string& key, const std::string& norm,
                                      std::int64_t in, std::int64_t stride) {
  const std::int64_t out = weights.shape(key + ".pointwise.weight", 4)[0];
  const ConvolutionShape shape{.in = out, .out = out, .activation = relu, .has_bias = false};
  return {.spatial = take_plain(weights, key + ".depthwise", {.in = in, .out = out, .kernel = 3, .stride = stride}),
          .pointwise = norm.empty() ? take_convolution(weights, key + ".pointwise", shape)
                                    : take_normed(weights, key + ".pointwise", norm, shape)};
}

MobileBlock::MobileBlock(Weights& weights, const std::string& key, std::int64_t in, std::int64_t stride) {
  const std::string conv = key + ".conv.";
  const std::int64_t wide = weights.shape(conv + "0.weight", 4)[0], out = weights.shape(conv + "6.weight", 4)[0];
  expand_ = take_normed_at(weights, conv, 0, {.in = in, .out = wide, .activation = relu});
  depthwise_ = take_normed_at(
      weights, conv, 3,
      {.in = wide, .out = wide, .kernel = 3, .activation = relu, .stride = stride, .is_depthwise = true});
  project_ = take_normed_at(weights, conv, 6, {.in = wide, .out = out});
  has_shortcut_ = stride == 1 && in == out;
}

Tensor MobileBlock::operator()(const Tensor& x) const {
  const Tensor y = project_(depthwise_(expand_(x)));
  return has_shortcut_ ? y + x : y;
}

Tensor Linear::operator()(const Tensor& x) const { return at::linear(x, weight, bias); }

Tensor MobileVit::LayerNorm::operator()(const Tensor& x) const {
  return at::layer_norm(x, weight.sizes(), weight, bias, 1e-5);
}

MobileVit::LayerNorm MobileVit::take_layer_norm(Weights& weights, const std::string& key, std::int64_t width) {
  return {.weight = weights.take(key + ".weight", {width}), .bias = weights.take(key + ".bias", {width})};
}

MobileVit::MobileVit(Weights& weights, const std::string& key, std::int64_t channels) {
  const std::string attention = key + ".transformer.layers.0.0", feed = key + ".transformer.layers.0.1";
  const std::int64_t width = weights.shape(key + ".conv2.0.weight", 4)[0];
  const std::int64_t inner = weights.shape(attention + ".fn.to_out.0.weight", 2)[1];
  const std::int64_t wide = weights.shape(feed + ".fn.net.0.weight", 2)[0];
  if (inner % kHeads != 0) throw WeightError("key " + attention + ".fn.to_out.0.weight: no four heads");
  const std::string conv1 = key + ".conv1.", conv4 = key + ".conv4.";
  enter_ = take_convolution_pair(weights, conv1 + "0", conv1 + "1", channels);
  reduce_ = take_normed_at(weights, key + ".conv2.", 0, {.in = channels, .out = width, .activation = relu});
  attention_norm_ = take_layer_norm(weights, attention + ".norm", width);
  queries_keys_values_ = take_linear(weights, attention + ".fn.to_qkv", width, 3 * inner, false);
  attention_out_ = take_linear(weights, attention + ".fn.to_out.0", inner, width, true);
  feed_forward_norm_ = take_layer_norm(weights, feed + ".norm", width);
  feed_in_ = take_linear(weights, feed + ".fn.net.0", width, wide, true);
  feed_out_ = take_linear(weights, feed + ".fn.net.3", wide, width, true);
  expand_ = take_normed_at(weights, key + ".conv3.", 0, {.in = width, .out = channels, .activation = relu});
  join_ = take_convolution_pair(weights, conv4 + "0", conv4 + "1", 2 * channels);
}

/// tokens [B,4,n,d].
Tensor MobileVit::attend(const Tensor& tokens) const {
  const auto heads = queries_keys_values_(tokens).chunk(3, -1);
  const auto split = [&](const Tensor& x) {  // [B,4,n,inner] -> [B,4,heads,n,inner / heads]
    return x.reshape({x.size(0), x.size(1), x.size(2), kHeads, -1}).transpose(2, 3);
  };
  const Tensor queries = split(heads[0]), keys = split(heads[1]), values = split(heads[2]);
  const double scale = 1 / std::sqrt(static_cast<double>(queries.size(-1)));
  const Tensor weights = (at::matmul(queries, keys.transpose(-1, -2)) * scale).softmax(-1);
  const Tensor joined = at::matmul(weights, values).transpose(2, 3);
  return attention_out_(joined.reshape({tokens.size(0), tokens.size(1), tokens.size(2), -1}));
}

Tensor MobileVit::transform(const Tensor& tokens) const {
  const Tensor attended = tokens + attend(attention_norm_(tokens));
  return attended + feed_out_(feed_in_(feed_forward_norm_(attended)).relu());
}

Tensor MobileVit::operator()(const Tensor& x) const {
  const Tensor reduced = reduce_(enter_(x));
  const Tensor transformed = refolded(transform(unfolded(reduced)), reduced);
  return join_(at::cat({expand_(transformed), x}, 1));
}

}  // namespace gbrs
