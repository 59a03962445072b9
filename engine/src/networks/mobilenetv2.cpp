// SPDX-License-Identifier: Apache-2.0
#include "networks/mobilenetv2.hpp"

#include <array>

namespace gbrs {
namespace {

struct BlockShape {
  std::int64_t in, expanded, out, stride, dilation;
  bool has_shortcut;
};

// Stride and dilation at output stride 16: block 13 gives up its stride, the depthwise layers behind it are
// dilated instead.
constexpr std::array<BlockShape, 17> kBlocks{{
    {32, 32, 16, 1, 1, false},     // 0, 1/2
    {16, 96, 24, 2, 1, false},     // 1, 1/4
    {24, 144, 24, 1, 1, true},     // 2
    {24, 144, 32, 2, 1, false},    // 3, 1/8
    {32, 192, 32, 1, 1, true},     // 4
    {32, 192, 32, 1, 1, true},     // 5
    {32, 192, 64, 2, 1, false},    // 6, 1/16
    {64, 384, 64, 1, 1, true},     // 7
    {64, 384, 64, 1, 1, true},     // 8
    {64, 384, 64, 1, 1, true},     // 9
    {64, 384, 96, 1, 1, false},    // 10
    {96, 576, 96, 1, 1, true},     // 11
    {96, 576, 96, 1, 1, true},     // 12
    {96, 576, 160, 1, 1, false},   // 13
    {160, 960, 160, 1, 2, true},   // 14
    {160, 960, 160, 1, 2, true},   // 15
    {160, 960, 320, 1, 2, false},  // 16
}};
constexpr std::size_t kShallowBlocks = 6;  // up to 1/8

}  // namespace

Tensor InvertedResidual::operator()(const Tensor& x) const {
  const Tensor y = project(depthwise(has_expand ? expand(x) : x));
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

MobileNetV2::MobileNetV2(Weights& weights, const std::string& prefix)
    : stem_(take_convolution(weights, prefix + ".Conv",
                             {.in = 3, .out = 32, .kernel = 3, .activation = Activation::relu6, .stride = 2})) {
  for (std::size_t i = 0; i < kBlocks.size(); ++i) {
    const BlockShape& shape = kBlocks[i];
    const std::string key = prefix + ".expanded_conv" + (i == 0 ? "" : "_" + std::to_string(i));
    blocks_.push_back(take_inverted_residual(weights, key, shape.in, shape.expanded, shape.out, shape.stride,
                                             shape.dilation, shape.has_shortcut));
  }
}

MobileNetV2::Skips MobileNetV2::shallow(const Tensor& x) const {
  Skips skips;
  Tensor y = stem_(x);
  for (std::size_t i = 0; i < kShallowBlocks; ++i) {
    y = blocks_[i](y);
    if (i == 0) skips.half = y;
    if (i == 2) skips.quarter = y;
  }
  skips.eighth = y;
  return skips;
}

Tensor MobileNetV2::deep(const Tensor& eighth) const {
  Tensor y = eighth;
  for (std::size_t i = kShallowBlocks; i < blocks_.size(); ++i) y = blocks_[i](y);
  return y;
}

}  // namespace gbrs
