// SPDX-License-Identifier: Apache-2.0
#pragma once

// HRNetV2 (Wang et al.): four stages of parallel branches at 1/4, 1/8, 1/16 and 1/32 of the input that exchange their
// features after every module. Widths and depths are read off the weights: W18, W18 small, W32, W48.

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "networks/resnet.hpp"

namespace gbrs {

/// Bilinear; x itself where it has that size.
[[nodiscard]] Tensor resized(const Tensor& x, std::int64_t height, std::int64_t width, bool align_corners);

class HrNet {
 public:
  /// The features of the branches, finest first.
  using Branches = std::vector<Tensor>;

  /// `prefix` with its dot, or empty. How features are resized depends on who trained the network.
  HrNet(Weights& weights, const std::string& prefix, bool align_corners);

  /// conv1: [B,3,H,W] -> [B,64,H/2,W/2].
  [[nodiscard]] Tensor first_convolution(const Tensor& x) const { return conv1_(x); }

  /// What the stages in front of stage 4 give.
  struct Trunk {
    Tensor layer1;  ///< [B,256,H/4,W/4]
    Branches stage2, stage3;
    Branches stage4_inputs;
  };
  /// From conv1 on.
  [[nodiscard]] Trunk trunk(const Tensor& first) const;
  [[nodiscard]] Branches stage4(const Branches& inputs) const;
  /// All branches at the size of the first, concatenated: [B,channels(),H/4,W/4].
  [[nodiscard]] Tensor joined(const Branches& branches) const;
  [[nodiscard]] std::int64_t channels() const;

 private:
  /// Blocks in every branch, then each output is the sum of all branches brought to its size.
  struct Module {
    std::vector<std::vector<ResidualBlock>> branches;
    std::vector<std::vector<std::vector<Convolution>>> fuse;  ///< [output][input]: a chain; empty: identity
  };
  using Stage = std::vector<Module>;

  [[nodiscard]] static Stage take_stage(Weights& weights, const std::string& key,
                                        const std::vector<std::int64_t>& widths);
  [[nodiscard]] static Module take_module(Weights& weights, const std::string& key,
                                          const std::vector<std::int64_t>& widths);
  [[nodiscard]] Branches run(const Stage& stage, Branches x) const;
  [[nodiscard]] Branches fused(const Module& module, const Branches& x) const;

  bool align_corners_;
  Convolution conv1_, conv2_;
  std::vector<ResidualBlock> layer1_;
  std::vector<std::int64_t> widths_;
  std::array<Convolution, 2> to_stage2_;
  std::array<Convolution, 2> to_deeper_;  ///< the new branches of stages 3 and 4
  std::array<Stage, 3> stages_;           ///< 2 to 4
};

}  // namespace gbrs
