// SPDX-License-Identifier: Apache-2.0
#include "networks/mobilenetv2.hpp"

#include <ATen/ops/constant_pad_nd.h>

#include <array>
#include <stdexcept>

namespace gbrs {
namespace {

struct BlockShape {
  std::int64_t in, expanded, out, stride;
  bool has_shortcut;
};

constexpr std::array<BlockShape, 17> kBlocks{{
    {32, 32, 16, 1, false},    // 0, 1/2
    {16, 96, 24, 2, false},    // 1, 1/4
    {24, 144, 24, 1, true},    // 2
    {24, 144, 32, 2, false},   // 3, 1/8
    {32, 192, 32, 1, true},    // 4
    {32, 192, 32, 1, true},    // 5
    {32, 192, 64, 2, false},   // 6, 1/16
    {64, 384, 64, 1, true},    // 7
    {64, 384, 64, 1, true},    // 8
    {64, 384, 64, 1, true},    // 9
    {64, 384, 96, 1, false},   // 10
    {96, 576, 96, 1, true},    // 11
    {96, 576, 96, 1, true},    // 12
    {96, 576, 160, 2, false},  // 13, 1/32
    {160, 960, 160, 1, true},  // 14
    {160, 960, 160, 1, true},  // 15
    {160, 960, 320, 1, false}  // 16
}};
constexpr std::size_t kShallowBlocks = 6;  // up to 1/8

/// A layer of stride 2 with "same" padding: along even sides the zeros are all at the end. With a zero more at the
/// beginning and the first output left out, symmetric padding gives that.
Tensor same_padded(const Convolution& layer, const Tensor& x) {
  const std::int64_t top = 1 - x.size(2) % 2, left = 1 - x.size(3) % 2;
  const Tensor y = layer(at::constant_pad_nd(x, {left, 0, top, 0}));
  return y.slice(2, top).slice(3, left).contiguous(at::MemoryFormat::ChannelsLast);
}

}  // namespace

Tensor InvertedResidual::operator()(const Tensor& x, bool is_same_padded) const {
  const Tensor wide = has_expand ? expand(x) : x;
  const bool is_uneven = is_same_padded && depthwise.stride == 2;
  const Tensor y = project(is_uneven ? same_padded(depthwise, wide) : depthwise(wide));
  return has_shortcut ? y + x : y;
}

InvertedResidual take_inverted_residual(Weights& weights, const std::string& key, std::int64_t in,
                                        std::int64_t expanded, std::int64_t out, std::int64_t stride,
                                        std::int64_t dilation, bool has_shortcut) {
  InvertedResidual block;
  block.has_expand = in != expanded;
  block.has_shortcut = has_shortcut;
  if (block.has_expand) {
    block.expand =
        take_convolution(weights, key + ".expand", {.in = in, .out = expanded, .activation = Activation::relu6});
  }
  block.depthwise = take_convolution(weights, key + ".depthwise",
                                     {.in = expanded,
                                      .out = expanded,
                                      .kernel = 3,
                                      .activation = Activation::relu6,
                                      .stride = stride,
                                      .dilation = dilation,
                                      .is_depthwise = true});
  block.project = take_convolution(weights, key + ".project", {.in = expanded, .out = out});
  return block;
}

MobileNetV2::MobileNetV2(Weights& weights, const std::string& prefix, int output_stride, bool is_same_padded)
    : is_same_padded_(is_same_padded),
      stem_(take_convolution(weights, prefix + ".Conv",
                             {.in = 3, .out = 32, .kernel = 3, .activation = Activation::relu6, .stride = 2})) {
  if (output_stride != 8 && output_stride != 16 && output_stride != 32)
    throw std::invalid_argument("MobileNetV2 has output stride 8, 16 or 32");
  std::int64_t reached = 2, dilation = 1;
  for (std::size_t i = 0; i < kBlocks.size(); ++i) {
    const BlockShape& shape = kBlocks[i];
    const bool keeps_stride = reached * shape.stride <= output_stride;
    const std::string key = prefix + ".expanded_conv" + (i == 0 ? "" : "_" + std::to_string(i));
    blocks_.push_back(take_inverted_residual(weights, key, shape.in, shape.expanded, shape.out,
                                             keeps_stride ? shape.stride : 1, dilation, shape.has_shortcut));
    (keeps_stride ? reached : dilation) *= shape.stride;  // a stride given up dilates the blocks behind it
  }
}

Tensor MobileNetV2::stem(const Tensor& x) const { return is_same_padded_ ? same_padded(stem_, x) : stem_(x); }

Tensor MobileNetV2::blocks(const Tensor& x, std::size_t first, std::size_t last) const {
  Tensor y = x;
  for (std::size_t i = first; i <= last; ++i) y = blocks_[i](y, is_same_padded_);
  return y;
}

MobileNetV2::Skips MobileNetV2::shallow(const Tensor& x) const {
  Skips skips;
  skips.half = blocks(stem(x), 0, 0);
  skips.quarter = blocks(skips.half, 1, 2);
  skips.eighth = blocks(skips.quarter, 3, kShallowBlocks - 1);
  return skips;
}

Tensor MobileNetV2::deep(const Tensor& eighth) const { return blocks(eighth, kShallowBlocks, blocks_.size() - 1); }

}  // namespace gbrs
