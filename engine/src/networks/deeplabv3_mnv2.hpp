// SPDX-License-Identifier: Apache-2.0
#pragma once

// DeepLabV3 on MobileNetV2 without atrous branches, "deeplabv3-mnv2": semantic segmentation.
//
//   MobileNetV2 (prefix mobilenetv2)
//     <- sites "block3" (32 channels, 1/8), "block6" (64), "block16" (320, at the output stride)
//   [global mean -> image_pooling, aspp0] -> concat_projection, 256 channels   <- site "concat_projection"
//   logits.semantic: [1,K,h,w] at the output stride, corners on the frame's
//
// Setting output_stride: 16, or 8 as in training, at four times the cost. Frames are 16m + 1, a long side near 512 is
// the scale of the training. Watched: expanded_conv_3, _6, _16, concat_projection, logits.

#include "networks/chain_network.hpp"
#include "networks/mobilenetv2.hpp"
#include "networks/settings.hpp"

namespace gbrs {

class DeepLabV3Mnv2 final : public ChainNetwork {
 public:
  static constexpr std::string_view kName = "deeplabv3-mnv2";

  /// Throws WeightError, std::invalid_argument (settings).
  DeepLabV3Mnv2(Weights weights, const Settings& settings);

  [[nodiscard]] Tensor normalised(const Tensor& frame) const override;
  [[nodiscard]] FrameSides frame_sides() const override { return {.step = 16, .rest = 1, .least = 17}; }

 protected:
  [[nodiscard]] Start begin(const Tensor& input) const override;
  [[nodiscard]] Tensor part(std::size_t site, const Tensor& x, const Skips& skips) const override;
  [[nodiscard]] std::span<const std::string_view> site_names() const override;
  /// Block 3 at 1/8, block 16.
  [[nodiscard]] std::vector<Tensor> likeness(const Skips& skips, const std::vector<Tensor>& features) const override;

 private:
  [[nodiscard]] Tensor project(const Tensor& x) const;

  MobileNetV2 backbone_;
  Convolution image_pooling_, aspp0_, concat_projection_, logits_;
};

}  // namespace gbrs
