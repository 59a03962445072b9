// SPDX-License-Identifier: Apache-2.0
#pragma once

// DeepLabV3+ on a ResNet (keys feature_extractor and head) as a network that clicks enter (click_network.hpp), with the
// depth and widths of its weights.
//
//   ResNet -> c1 1/4, c4 1/8                     <- site "A"
//   [ASPP(c4) enlarged, skip_project(c1)]        <- site "B"
//   two separable convolutions and a 1x1         <- site "C"
//   two separable convolutions, 1x1: logits 1/4
//
// Watched: stem_conv1, c1, c2, c3, A_c4, skip, aspp, B_aspp_up_skip, C_deeplab_head.

#include "networks/aspp.hpp"
#include "networks/click_network.hpp"
#include "networks/resnet.hpp"

namespace gbrs {

class ClickDeepLab final : public ClickNetwork {
 public:
  static constexpr std::string_view kFbrs = "fbrs-deeplab";
  static constexpr std::string_view kRitm = "ritm-deeplab";

  /// Throws WeightError, std::invalid_argument (settings).
  ClickDeepLab(Weights weights, const Settings& settings);

 protected:
  [[nodiscard]] Tensor stem(const Tensor& image) const override;
  [[nodiscard]] Start begin(const Tensor& stem) const override;
  [[nodiscard]] Tensor part(std::size_t site, const Tensor& x, const Skips& skips) const override;
  [[nodiscard]] std::span<const std::string_view> site_names() const override;

 private:
  ResNet backbone_;
  Convolution skip_;
  Aspp aspp_;
  std::vector<Convolution> decoder_, head_;
};

}  // namespace gbrs
