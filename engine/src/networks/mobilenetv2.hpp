// SPDX-License-Identifier: Apache-2.0
#pragma once

// MobileNetV2 as backbone (Sandler et al., "MobileNetV2", table 2): a stem and 17 inverted residual blocks, batch norm
// folded into the convolutions, ReLU6. Output stride 32, or 16 or 8 with DeepLabV3's dilation in the last blocks.
// Input R'G'B' / 127.5 - 1, sizes 16m + 1; with "same" padding, as the first training had it, even sizes too.

#include <string>
#include <vector>

#include "networks/convolution.hpp"

namespace gbrs {

/// expand 1x1 (none in block 0), depthwise 3x3, project 1x1 without activation, plus the input where
/// stride and channels allow.
struct InvertedResidual {
  Convolution expand;
  Convolution depthwise;
  Convolution project;
  bool has_expand = true;
  bool has_shortcut = false;

  /// With "same" padding a stride of 2 on even sizes pads at the bottom and right only.
  [[nodiscard]] Tensor operator()(const Tensor& x, bool is_same_padded = false) const;
};

/// Takes KEY.expand, KEY.depthwise, KEY.project.
[[nodiscard]] InvertedResidual take_inverted_residual(Weights& weights, const std::string& key, std::int64_t in,
                                                      std::int64_t expanded, std::int64_t out, std::int64_t stride = 1,
                                                      std::int64_t dilation = 1, bool has_shortcut = true);

class MobileNetV2 {
 public:
  /// What a decoder takes from the shallow part: stem and blocks 0 to 5.
  struct Skips {
    Tensor half;     ///< block 0 [B,16,H/2,W/2]
    Tensor quarter;  ///< block 2 [B,24,H/4,W/4]
    Tensor eighth;   ///< block 5 [B,32,H/8,W/8]
  };

  /// Takes the keys PREFIX.Conv, PREFIX.expanded_conv, PREFIX.expanded_conv_1 ... _16.
  MobileNetV2(Weights& weights, const std::string& prefix, int output_stride = 16, bool is_same_padded = false);

  /// x [B,3,H,W], channels last.
  [[nodiscard]] Skips shallow(const Tensor& x) const;
  /// Blocks 6 to 16: [B,32,H/8,W/8] -> [B,320,H/16,W/16] (or the other output stride).
  [[nodiscard]] Tensor deep(const Tensor& eighth) const;

  /// [B,3,H,W] -> [B,32,H/2,W/2].
  [[nodiscard]] Tensor stem(const Tensor& x) const;
  /// Blocks `first` to `last`, of 0 to 16.
  [[nodiscard]] Tensor blocks(const Tensor& x, std::size_t first, std::size_t last) const;

 private:
  bool is_same_padded_;
  Convolution stem_;
  std::vector<InvertedResidual> blocks_;
};

}  // namespace gbrs
