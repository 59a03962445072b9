// SPDX-License-Identifier: Apache-2.0
#pragma once

// The elements of METER: MobileNetV2's inverted residual with ReLU, and MobileViT's block (Mehta & Rastegari), in which
// attention joins the pixels of the same place in every 2x2 patch. Shapes are read off the weights.

#include <string>

#include "networks/batch_norm.hpp"

namespace gbrs {

/// KEY.depthwise, in truth a full 3x3 convolution, then KEY.pointwise 1x1, then ReLU; no bias.
struct ConvolutionPair {
  Convolution spatial, pointwise;

  [[nodiscard]] Tensor operator()(const Tensor& x) const { return pointwise(spatial(x)); }
  [[nodiscard]] std::int64_t out() const { return pointwise.weight.size(0); }
};
/// `norm`: the key of a batch norm in front of the ReLU, or empty.
[[nodiscard]] ConvolutionPair take_convolution_pair(Weights& weights, const std::string& key, const std::string& norm,
                                                    std::int64_t in, std::int64_t stride = 1);

/// conv.0 expand, conv.3 depthwise, conv.6 project, each with batch norm.
class MobileBlock {
 public:
  MobileBlock(Weights& weights, const std::string& key, std::int64_t in, std::int64_t stride);

  [[nodiscard]] Tensor operator()(const Tensor& x) const;
  [[nodiscard]] std::int64_t out() const { return project_.weight.size(0); }

 private:
  Convolution expand_, depthwise_, project_;
  bool has_shortcut_;
};

struct Linear {
  Tensor weight, bias;  ///< [out,in]; [out] or undefined

  [[nodiscard]] Tensor operator()(const Tensor& x) const;
};

class MobileVit {
 public:
  MobileVit(Weights& weights, const std::string& key, std::int64_t channels);

  /// [B,C,h,w] -> the same; h and w are even.
  [[nodiscard]] Tensor operator()(const Tensor& x) const;

 private:
  struct LayerNorm {
    Tensor weight, bias;
    [[nodiscard]] Tensor operator()(const Tensor& x) const;
  };
  [[nodiscard]] static LayerNorm take_layer_norm(Weights& weights, const std::string& key, std::int64_t width);
  [[nodiscard]] Tensor attend(const Tensor& tokens) const;
  [[nodiscard]] Tensor transform(const Tensor& tokens) const;

  ConvolutionPair enter_;
  Convolution reduce_;
  LayerNorm attention_norm_;
  Linear queries_keys_values_, attention_out_;
  LayerNorm feed_forward_norm_;
  Linear feed_in_, feed_out_;
  Convolution expand_;
  ConvolutionPair join_;
};

}  // namespace gbrs
