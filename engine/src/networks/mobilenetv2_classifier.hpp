// SPDX-License-Identifier: Apache-2.0
#pragma once

// MobileNetV2 with its ImageNet head, "mobilenetv2": the all-purpose backbone as it was trained. Its answer is one
// "pixel", the scores [1,1001,1,1] of the classes (0 = background); as a dense network it serves others.
//
//   MobileNetV2 (prefix mobilenetv2, output stride 32) <- sites "block12" (96 channels, 1/16), "block16" (320, 1/32)
//   mobilenetv2.Conv_1 1x1 -> 1280, global mean, classifier
//
// Setting padding: "symmetric", or "same" as in training, which differs at even sizes. Watched: expanded_conv_2, _5,
// _12, _16, logits.

#include "networks/chain_network.hpp"
#include "networks/mobilenetv2.hpp"
#include "networks/settings.hpp"

namespace gbrs {

class MobileNetV2Classifier final : public ChainNetwork {
 public:
  static constexpr std::string_view kName = "mobilenetv2";

  /// Throws WeightError, std::invalid_argument (settings).
  MobileNetV2Classifier(Weights weights, const Settings& settings);

  [[nodiscard]] Tensor normalised(const Tensor& frame) const override;
  [[nodiscard]] FrameSides frame_sides() const override { return {.least = 32}; }

 protected:
  [[nodiscard]] Start begin(const Tensor& input) const override;
  [[nodiscard]] Tensor part(std::size_t site, const Tensor& x, const Skips& skips) const override;
  [[nodiscard]] std::span<const std::string_view> site_names() const override;
  /// Block 5 at 1/8, block 16.
  [[nodiscard]] std::vector<Tensor> likeness(const Skips& skips, const std::vector<Tensor>& features) const override;

 private:
  MobileNetV2 backbone_;
  Convolution features_, classifier_;
};

}  // namespace gbrs
