// SPDX-License-Identifier: Apache-2.0
#pragma once

// METER (Papa et al.): monocular depth of indoor rooms, "meter", with the widths of its weights (xxs).
//
//   convolutions and inverted residuals to 1/8, 1/16, 1/32, each followed by a MobileViT block
//     <- site "encoder" (160 channels, 1/32)
//   doubled, [x, skip]   <- site "ups_block_1" (32, 1/16)
//   doubled, [x, skip]   <- site "ups_block_2" (16, 1/8)
//   doubled, [x, skip], convolution: depth in metres [1,1,H/4,W/4]
//
// Inputs are multiples of 64; 256x192 is what it was trained at. It relies on the white border that images of NYU
// Depth v2 have. Setting white_frame: so many pixels of white are painted around the frame (2: a frame of 252x188), and
// cut off the answer; 0, the default, for images that have it. Watched: y1, y2, y3, encoder_out, depth_cm.

#include <utility>

#include "networks/chain_network.hpp"
#include "networks/mobile_vit.hpp"
#include "networks/settings.hpp"
#include "networks/transposed_convolution.hpp"

namespace gbrs {

class Meter final : public ChainNetwork {
 public:
  static constexpr std::string_view kName = "meter";

  /// Throws WeightError, std::invalid_argument (settings).
  Meter(Weights weights, const Settings& settings);

  [[nodiscard]] Tensor normalised(const Tensor& frame) const override;
  [[nodiscard]] FrameSides frame_sides() const override;

 protected:
  [[nodiscard]] Start begin(const Tensor& input) const override;
  [[nodiscard]] Tensor part(std::size_t site, const Tensor& x, const Skips& skips) const override;
  [[nodiscard]] std::span<const std::string_view> site_names() const override;
  /// 1/8 and 1/32 of the encoder.
  [[nodiscard]] std::vector<Tensor> likeness(const Skips& skips, const std::vector<Tensor>& features) const override;

 private:
  struct UpBlock {
    TransposedConvolution up;
    ConvolutionPair join;
  };
  [[nodiscard]] Tensor without_frame(const Tensor& depth) const;

  std::int64_t white_frame_;
  ConvolutionPair conv1_;
  std::vector<MobileBlock> blocks_;
  std::vector<MobileVit> transformers_;
  Convolution conv2_, conv2d_in_;
  std::vector<UpBlock> ups_;
  Convolution conv2d_out_;
};

}  // namespace gbrs
