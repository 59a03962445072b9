// SPDX-License-Identifier: Apache-2.0
#pragma once

// Residual networks (He et al.): the blocks that HRNet uses, too, and the backbone of DeepLabV3+ with output stride 8,
// as GluonCV publishes it: ResNet-34 ("v1b"), or ResNet-50 and 101 with a stem of three convolutions ("v1s"). Depths
// and widths are read off the weights.

#include <optional>
#include <string>
#include <vector>

#include "networks/batch_norm.hpp"

namespace gbrs {

struct ResidualShape {
  std::int64_t in = 0;
  std::int64_t stride = 1;
  std::int64_t dilation = 1;         ///< of the first 3x3 convolution
  std::int64_t second_dilation = 1;  ///< of a basic block's other one
};

/// relu(convolutions(x) + shortcut(x)). Basic: 3x3, 3x3; bottleneck, where KEY.conv3 is there: 1x1, 3x3, 1x1.
class ResidualBlock {
 public:
  ResidualBlock(Weights& weights, const std::string& key, const ResidualShape& shape);

  [[nodiscard]] Tensor operator()(const Tensor& x) const;
  [[nodiscard]] std::int64_t out() const { return convolutions_.back().weight.size(0); }

 private:
  std::vector<Convolution> convolutions_;
  std::optional<Convolution> shortcut_;  ///< KEY.downsample, where it is there
};

/// Blocks KEY.0, KEY.1, ... as long as there are weights: the first like `first`, the others like `others`, whose input
/// is set here.
[[nodiscard]] std::vector<ResidualBlock> take_residual_blocks(Weights& weights, const std::string& key,
                                                              const ResidualShape& first, ResidualShape others = {});

[[nodiscard]] Tensor run(const std::vector<ResidualBlock>& blocks, Tensor x);

class ResNet {
 public:
  ResNet(Weights& weights, const std::string& prefix);

  /// x [B,3,H,W] -> before the stem's norm [B,64 or 128,H/2,W/2].
  [[nodiscard]] Tensor stem(const Tensor& x) const;
  /// The stem's norm and ReLU.
  [[nodiscard]] Tensor activated(const Tensor& stem) const { return norm_(stem).relu(); }

  /// The outputs of the four layers: 1/4, then 1/8.
  struct Levels {
    Tensor c1, c2, c3, c4;
  };
  /// From the activated stem.
  [[nodiscard]] Levels levels(const Tensor& activated) const;
  [[nodiscard]] std::int64_t skip_channels() const { return layers_.front().back().out(); }
  [[nodiscard]] std::int64_t channels() const { return layers_.back().back().out(); }

 private:
  std::vector<Convolution> stem_;
  BatchNorm norm_;
  std::vector<std::vector<ResidualBlock>> layers_;
};

}  // namespace gbrs
