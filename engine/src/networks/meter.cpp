// SPDX-License-Identifier: Apache-2.0
#include "networks/meter.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/constant_pad_nd.h>

#include <array>

namespace gbrs {
namespace {

constexpr std::array<std::string_view, 3> kSites{"encoder", "ups_block_1", "ups_block_2"};
constexpr std::array<std::int64_t, 7> kStrides{1, 2, 1, 1, 2, 2, 2};  // of encoder.mv2.0 to .6
constexpr std::size_t kFirstWithTransformer = 4;                      // mv2.4 to mv2.6 are followed by one
constexpr std::int64_t kStep = 64;
constexpr double kCentimetres = 100;  // in a metre: the unit of the training

}  // namespace

Meter::Meter(Weights weights, const Settings& settings)
    : white_frame_(static_cast<std::int64_t>(settings.number("white_frame", 0))),
      conv1_(take_convolution_pair(weights, "encoder.conv1.0", "encoder.conv1.1", 3, 2)) {
  if (white_frame_ < 0 || white_frame_ > 16) throw std::invalid_argument("setting white_frame: not from 0 to 16");
  std::int64_t channels = conv1_.out();
  std::vector<std::int64_t> skips;
  for (std::size_t i = 0; i < kStrides.size(); ++i) {
    blocks_.emplace_back(weights, "encoder.mv2." + std::to_string(i), channels, kStrides[i]);
    channels = blocks_.back().out();
    if (kStrides[i] == 2 && i + 1 < kStrides.size()) skips.push_back(channels);
    if (i < kFirstWithTransformer) continue;
    transformers_.emplace_back(weights, "encoder.mvit." + std::to_string(transformers_.size()), channels);
  }
  const std::int64_t deep = weights.shape("encoder.conv2.0.weight", 4)[0];
  conv2_ = take_normed(weights, "encoder.conv2.0", "encoder.conv2.1",
                       {.in = channels, .out = deep, .activation = Activation::relu, .has_bias = false});
  channels = weights.shape("decoder.conv2d_in.weight", 4)[0];
  conv2d_in_ = take_convolution(weights, "decoder.conv2d_in", {.in = deep, .out = channels, .has_bias = false});
  for (std::size_t i = 0; i < skips.size(); ++i) {
    const std::string key = "decoder.ups_block_" + std::to_string(i + 1);
    const std::int64_t half = weights.shape(key + ".conv2d_transpose.weight", 4)[1];
    ups_.push_back({.up = take_transposed_convolution(weights, key + ".conv2d_transpose", channels, half, 3),
                    .join = take_convolution_pair(weights, key + ".end_up_layer.0", "", half + skips[2 - i])});
    channels = ups_.back().join.out();
  }
  conv2d_out_ =
      take_convolution(weights, "decoder.conv2d_out", {.in = channels, .out = 1, .kernel = 3, .has_bias = false});
  weights.expect_empty();
}

Tensor Meter::normalised(const Tensor& frame) const {
  const std::int64_t w = white_frame_;
  const Tensor framed = w == 0 ? frame : at::constant_pad_nd(frame, {0, 0, w, w, w, w}, 255);
  return standardised(framed, kImageNetMean, kImageNetDeviation, conv2_.weight);
}

FrameSides Meter::frame_sides() const {
  const std::int64_t frame = 2 * white_frame_;
  return {.step = kStep, .rest = (kStep - frame) % kStep, .least = kStep - frame};
}

ChainNetwork::Start Meter::begin(const Tensor& input) const {
  check_sides(input, {.step = kStep, .least = kStep});
  Skips skips;
  Tensor x = conv1_(input);
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    x = blocks_[i](x);
    if (kStrides[i] == 2 && skips.size() < ups_.size()) skips.push_back(x);
    if (i >= kFirstWithTransformer) x = transformers_[i - kFirstWithTransformer](x);
  }
  seen("y1", skips[0]);
  seen("y2", skips[1]);
  seen("y3", skips[2]);
  return {.feature = seen("encoder_out", conv2_(x)), .skips = skips};
}

Tensor Meter::part(std::size_t site, const Tensor& x, const Skips& skips) const {
  const UpBlock& block = ups_[site];
  const Tensor up = block.up(site == 0 ? conv2d_in_(x) : x);
  const Tensor y = block.join(at::cat({up, skips[2 - site]}, 1));
  if (site + 1 < ups_.size()) return y;
  return without_frame(seen("depth_cm", conv2d_out_(y)) / kCentimetres);
}

/// What lies on the frame's pixels, corners on its corners.
Tensor Meter::without_frame(const Tensor& depth) const {
  const std::int64_t w = white_frame_;
  if (w == 0) return depth;
  const std::int64_t height = 4 * depth.size(2), width = 4 * depth.size(3);
  return upsample(depth, height, width).slice(2, w, height - w).slice(3, w, width - w);
}

std::span<const std::string_view> Meter::site_names() const { return kSites; }

std::vector<Tensor> Meter::likeness(const Skips& skips, const std::vector<Tensor>& features) const {
  return {skips[1], features[0]};
}

}  // namespace gbrs
