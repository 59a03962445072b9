// SPDX-License-Identifier: Apache-2.0
#pragma once

// The elements of ESPNetv2 (Mehta et al., CVPR 2019, and its segmentation head in EdgeNets). Convolutions have no bias
// but one; batch norm and PReLU follow them.

#include <optional>
#include <string>
#include <vector>

#include "networks/prelu.hpp"

namespace gbrs {

/// KEY.conv, KEY.bn, KEY.act.
[[nodiscard]] ConvolutionPRelu take_conv_act(Weights& weights, const std::string& key, ConvolutionShape shape);

/// Four dilated depthwise branches of a reduced input, summed hierarchically and concatenated.
class EespBlock {
 public:
  /// `limit`: the largest kernel that a branch's dilation may stand for. With stride 2 a part of DownSampler.
  EespBlock(Weights& weights, const std::string& key, std::int64_t in, std::int64_t out, std::int64_t limit,
            std::int64_t stride = 1);

  [[nodiscard]] Tensor operator()(const Tensor& x) const;

 private:
  ConvolutionPRelu reduce_;
  std::vector<Convolution> branches_;
  NormedPRelu joined_;
  Convolution expand_;
  PRelu end_;
  bool is_down_;
  bool has_shortcut_;
};

/// Halves: [average pool, EESP block of stride 2] + a share of the network's own input, made as small.
class DownSampler {
 public:
  DownSampler(Weights& weights, const std::string& key, std::int64_t in, std::int64_t out, std::int64_t limit);

  /// x [B,in,h,w] -> [B,out,h/2,w/2]; `input` [B,3,H,W].
  [[nodiscard]] Tensor operator()(const Tensor& x, const Tensor& input) const;

 private:
  EespBlock block_;
  ConvolutionPRelu input_;
  Convolution input_expand_;
  PRelu end_;
};

/// Depthwise convolutions at five scales (EfficientPyrPool).
class PyramidPool {
 public:
  /// Without `has_norm` the last convolution has a bias and ends the block.
  PyramidPool(Weights& weights, const std::string& key, std::int64_t in, bool has_norm);

  [[nodiscard]] Tensor operator()(const Tensor& x) const;
  [[nodiscard]] std::int64_t out() const { return merge_.weight.size(0); }

 private:
  /// The published code concatenates what the scales give, shuffles the channels so that channel j of each comes
  /// together, and convolves in groups of those: that is one depthwise convolution for each scale, added up.
  struct Scale {
    Convolution stage;
    NormedPRelu norm;
    Convolution share;
  };

  [[nodiscard]] Tensor scaled(std::size_t scale, const Tensor& projected) const;

  ConvolutionPRelu project_;
  std::vector<Scale> scales_;
  PRelu joined_;
  Convolution merge_;
  std::optional<NormedPRelu> end_;
};

/// A grouped convolution times a weight for each channel from the image's mean (EfficientPWConv).
class PixelwiseGate {
 public:
  PixelwiseGate(Weights& weights, const std::string& key, std::int64_t in, std::int64_t out);

  [[nodiscard]] Tensor operator()(const Tensor& x) const;

 private:
  Convolution weight_;
  ConvolutionPRelu expand_;
};

}  // namespace gbrs
