// SPDX-License-Identifier: Apache-2.0
#pragma once

// MobileNetV2 as backbone at output stride 16 (Sandler et al., "MobileNetV2", table 2; DeepLabV3's dilation in
// the last blocks): a stem and 17 inverted residual blocks, batch norm folded into the convolutions, ReLU6.
// Input R'G'B' / 127.5 - 1, sizes 16m + 1.

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

  [[nodiscard]] Tensor operator()(const Tensor& x) const;
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
  MobileNetV2(Weights& weights, const std::string& prefix);

  /// x [B,3,H,W], channels last.
  [[nodiscard]] Skips shallow(const Tensor& x) const;
  /// Blocks 6 to 16: [B,32,H/8,W/8] -> [B,320,H/16,W/16].
  [[nodiscard]] Tensor deep(const Tensor& eighth) const;

 private:
  Convolution stem_;
  std::vector<InvertedResidual> blocks_;
};

}  // namespace gbrs
