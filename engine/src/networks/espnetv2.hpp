// SPDX-License-Identifier: Apache-2.0
#pragma once

// ESPNetv2 for semantic segmentation (Mehta et al., of EdgeNets), "espnetv2", with the widths and classes of its
// weights.
//
//   base_net: 1/2 -> 1/4 -> 1/8 -> 1/16        <- site "level4" (512 channels at scale 2.0, 1/16)
//   bu_dec_l1                                  <- site "bu_dec_l1" (64, 1/16)
//   doubled, + 1/8, bu_dec_l2                  <- site "bu_dec_l2" (48, 1/8)
//   doubled, + 1/4, bu_dec_l3                  <- site "bu_dec_l3" (32, 1/4)
//   doubled, + 1/2, bu_dec_l4: logits [1,K,H/2,W/2], corners on the frame's
//
// Frames are multiples of 16. Watched: base_net_level2_0, base_net_level3_2, base_net_level4_6, bu_dec_l1 to bu_dec_l4.

#include "networks/chain_network.hpp"
#include "networks/eesp.hpp"
#include "networks/settings.hpp"

namespace gbrs {

class Espnetv2 final : public ChainNetwork {
 public:
  static constexpr std::string_view kName = "espnetv2";

  /// Throws WeightError.
  Espnetv2(Weights weights, const Settings& settings);

  [[nodiscard]] Tensor normalised(const Tensor& frame) const override;
  [[nodiscard]] FrameSides frame_sides() const override { return {.step = 16, .least = 16}; }

 protected:
  [[nodiscard]] Start begin(const Tensor& input) const override;
  [[nodiscard]] Tensor part(std::size_t site, const Tensor& x, const Skips& skips) const override;
  [[nodiscard]] std::span<const std::string_view> site_names() const override;
  /// 1/8 and 1/16 of the encoder.
  [[nodiscard]] std::vector<Tensor> likeness(const Skips& skips, const std::vector<Tensor>& features) const override;

 private:
  /// A step of the decoder: the doubled input, the encoder's share added, pyramid pooling.
  struct Step {
    PixelwiseGate share;
    NormedPRelu norm;
    PyramidPool pool;
  };
  /// The widths of the encoder's levels, 1/2 to 1/16.
  struct Widths {
    explicit Widths(const Weights& weights);
    std::int64_t half, quarter, eighth, sixteenth;
  };
  Espnetv2(Weights& weights, const Widths& widths);
  [[nodiscard]] static Step take_step(Weights& weights, int number, std::int64_t skip, std::int64_t in);

  ConvolutionPRelu level1_;
  DownSampler level2_0_, level3_0_;
  std::vector<EespBlock> level3_;
  DownSampler level4_0_;
  std::vector<EespBlock> level4_;
  PyramidPool bu_dec_l1_;
  std::vector<Step> steps_;  ///< bu_dec_l2 to bu_dec_l4
};

}  // namespace gbrs
