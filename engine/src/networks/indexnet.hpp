// SPDX-License-Identifier: Apache-2.0
#pragma once

// Matting with learned pooling and unpooling (Lu et al., "Indices Matter", IndexNet) on MobileNetV2, "indexnet".
//
//   input R'G'B' and trimap -> layer0 1/1 -> ... -> layer7 1/32; where the size is halved an index block says how each
//   pixel counts, for the encoder (l = index_en * map, pooled) and for the decoder (index_de)
//   ASPP 1/32
//   decoder steps 6 to 0: [index_de * enlarged, skip] -> 5x5
//     <- sites "index6" (160 channels, 1/16), "index4" (64, 1/8), "index3" (32, 1/4), "index2" (24, 1/2), "index0"
//   pred: alpha [1,1,H,W], unclamped
//
// The paper inserts at the first three. What is inserted replaces index_de where it meets the enlarged map. The skips'
// shares of the 5x5 convolutions are computed once a frame.
//
// Frames have four channels, the last the trimap (0 background, 128 unknown, 255 foreground). Sides that are no
// multiples of 32 are enlarged to the next one, as the published inference does; the answer then has that size, and
// pasted_alpha() brings it back.
// Watched: layer0 to layer7, indexK_en, indexK_de, dconv_pp, decoder_layerK, pred.

#include <array>
#include <optional>

#include "networks/aspp.hpp"
#include "networks/batch_norm.hpp"
#include "networks/network.hpp"
#include "networks/settings.hpp"
#include "networks/split_convolution.hpp"

namespace gbrs {

/// How the pixels of each 2x2 cell count, for every channel.
class IndexBlock {
 public:
  IndexBlock(Weights& weights, const std::string& key, std::int64_t channels);

  struct Indices {
    Tensor encoder;  ///< sums to 1 over each cell [B,C,h,w]
    Tensor decoder;  ///< within 0..1
  };
  [[nodiscard]] Indices operator()(const Tensor& x) const;

 private:
  std::array<Convolution, 4> windows_, values_;  ///< of the cell's four pixels
};

class IndexNet final : public Network {
 public:
  static constexpr std::string_view kName = "indexnet";

  /// Throws WeightError.
  IndexNet(Weights weights, const Settings& settings);

  [[nodiscard]] Tensor normalised(const Tensor& frame) const override;
  /// input [1,4,32a,32b].
  [[nodiscard]] std::unique_ptr<Encoded> encode_input(const Tensor& input) const override;
  [[nodiscard]] std::unique_ptr<Conditioned> condition(const Encoded& encoded, const Prompt& prompt) const override;
  [[nodiscard]] Tensor decode(const Conditioned& conditioned, Insertions& insertions) const override;
  /// 1/8 and 1/32 of the encoder.
  [[nodiscard]] std::vector<Tensor> likeness_levels(const Encoded& encoded,
                                                    const Conditioned& conditioned) const override;
  [[nodiscard]] std::vector<std::string> sites() const override;

 private:
  static constexpr std::size_t kLayers = 8, kSteps = 7;
  struct Frame;
  /// MobileNetV2's block with the zeros of the padding in front of the first convolution.
  struct Block {
    std::optional<Convolution> expand;
    Convolution depthwise, project;
    bool has_shortcut;
    [[nodiscard]] Tensor operator()(const Tensor& x) const;
  };
  [[nodiscard]] static Block take_block(Weights& weights, const std::string& key, std::int64_t in);
  [[nodiscard]] static SplitConvolution take_step(Weights& weights, std::size_t number, std::int64_t in,
                                                  std::int64_t skip);
  [[nodiscard]] Tensor layer(std::size_t number, const Tensor& x) const;

  Convolution layer0_;
  std::array<std::vector<Block>, kLayers> layers_;
  std::array<std::optional<IndexBlock>, kSteps> indices_;  ///< of layers 0, 2, 3, 4, 6
  Aspp aspp_;
  std::array<SplitConvolution, kSteps> steps_;
  Convolution pred_0_, pred_1_;
};

/// The published result: the answer [1,1,h,w] at the size of the frame [H,W,4] (bicubic), within 0..1, times 255; where
/// the trimap is not 128 its own value. [H,W]; 8-bit results are truncated, not rounded.
[[nodiscard]] Tensor pasted_alpha(const Tensor& answer, const Tensor& frame);

}  // namespace gbrs
