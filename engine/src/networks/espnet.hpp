// SPDX-License-Identifier: Apache-2.0
#pragma once

// ESPNet (Mehta et al., p = 2, q = 8), "espnet": semantic segmentation of street scenes.
//
//   input B'G'R' -> level1 1/2 -> c0 -> level2 1/4 -> c1 -> level3 1/8 -> b3      <- site "enc3" (256 channels, 1/8)
//   classifier, doubled; [level3_C(c1), doubled]                                  <- site "fuse" (24, 1/4)
//   pyramid block, doubled                                                        <- site "comb" (12, 1/2)
//   [doubled, c0] -> conv                                                         <- site "concat" (12, 1/2)
//   doubled: logits [1,K,H,W]
//
// The skips' shares of the decoder are computed once a frame. Which site is best: docs/dense.md. Frames are multiples
// of 8; the checkpoint for CamVid wants 480x360. Watched: encoder_level2_0, encoder_level2_1, encoder_level3_7, up_l3,
// up_l2, conv, logits.

#include "networks/chain_network.hpp"
#include "networks/prelu.hpp"
#include "networks/settings.hpp"
#include "networks/split_convolution.hpp"
#include "networks/transposed_convolution.hpp"

namespace gbrs {

/// Five dilated branches of a reduced input, summed hierarchically and concatenated.
class EspBlock {
 public:
  enum class Kind { plain, residual, down };

  EspBlock(Weights& weights, const std::string& key, std::int64_t in, std::int64_t out, Kind kind);

  /// [B,in,h,w] -> [B,out,h,w], of kind `down` at half the size.
  [[nodiscard]] Tensor operator()(const Tensor& x) const;

 private:
  Convolution reduce_;
  std::vector<Convolution> branches_;  ///< dilations 1, 2, 4, 8, 16
  NormedPRelu end_;
  bool has_shortcut_;
};

class Espnet final : public ChainNetwork {
 public:
  static constexpr std::string_view kName = "espnet";

  /// Throws WeightError.
  Espnet(Weights weights, const Settings& settings);

  [[nodiscard]] Tensor normalised(const Tensor& frame) const override;
  [[nodiscard]] FrameSides frame_sides() const override { return {.step = 8, .least = 8}; }

 protected:
  [[nodiscard]] Start begin(const Tensor& input) const override;
  [[nodiscard]] Tensor part(std::size_t site, const Tensor& x, const Skips& skips) const override;
  [[nodiscard]] std::span<const std::string_view> site_names() const override;
  /// c1 at 1/4, b3 at 1/8.
  [[nodiscard]] std::vector<Tensor> likeness(const Skips& skips, const std::vector<Tensor>& features) const override;

 private:
  ConvolutionPRelu level1_;
  NormedPRelu b1_, b2_, b3_;
  EspBlock level2_0_;
  std::vector<EspBlock> level2_;
  EspBlock level3_0_;
  std::vector<EspBlock> level3_;
  std::int64_t classes_;
  Convolution encoder_classifier_, level3_c_;
  TransposedConvolution up_l3_;
  NormedPRelu combine_norm_;
  EspBlock combine_;
  TransposedConvolution up_l2_;
  NormedPRelu up_l2_norm_;
  SplitConvolution conv_;
  PRelu conv_activation_;
  TransposedConvolution classifier_;
};

}  // namespace gbrs
