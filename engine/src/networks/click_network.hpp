// SPDX-License-Identifier: Apache-2.0
#pragma once

// The interactive segmentation networks of f-BRS (Sofiiuk et al., CVPR 2020) and RITM (2021) on two backbones:
//
//   "fbrs-deeplab", "ritm-deeplab"  DeepLabV3+ on a ResNet    sites "A" (layer 4, 1/8), "B" ([ASPP, skip], 1/4),
//                                                             "C" (decoder, 1/4)
//   "fbrs-hrnet", "ritm-hrnet"      HRNetV2 and OCR           sites "A" (joined branches, 1/4), "C" (OCR features, 1/4)
//
// Answers are logits [1,1,H/4,W/4], corners on the frame's; the published code enlarges them to the frame bilinearly,
// corners on corners, before everything else. Frames of any size, 32 pixels at least. encode_input takes the image
// standardised by ImageNet's mean and deviation, also for RITM, whose published model does that itself.
// Watched: dist_maps, fused_input or maps_transform, logits_low, and what the backbones list.

#include "networks/click_fusion.hpp"
#include "networks/network.hpp"

namespace gbrs {

class ClickNetwork : public Network {
 public:
  [[nodiscard]] Tensor normalised(const Tensor& frame) const final;
  [[nodiscard]] FrameSides frame_sides() const final { return {.least = 32}; }
  [[nodiscard]] std::unique_ptr<Encoded> encode_input(const Tensor& input) const final;
  [[nodiscard]] std::unique_ptr<Conditioned> condition(const Encoded& encoded, const Prompt& prompt) const final;
  [[nodiscard]] Tensor decode(const Conditioned& conditioned, Insertions& insertions) const final;
  [[nodiscard]] std::vector<Tensor> likeness_levels(const Encoded& encoded, const Conditioned& conditioned) const final;
  [[nodiscard]] std::vector<std::string> sites() const final;

  /// The maps that condition() makes of the clicks [1,2,H,W].
  [[nodiscard]] Tensor click_maps(const Encoded& encoded, std::span<const PromptClick> clicks) const;
  /// The same from ready maps, differentiable with respect to them. `previous`: as in Prompt; for RITM.
  [[nodiscard]] std::unique_ptr<Conditioned> condition_maps(const Encoded& encoded, const Tensor& maps,
                                                            const Tensor& previous) const;

 protected:
  using Skips = std::vector<Tensor>;
  struct Start {
    Tensor feature;                ///< of the first site
    Skips skips;                   ///< as the backbone's own parts number them
    std::vector<Tensor> likeness;  ///< fine, coarse
  };
  ClickNetwork(Weights& weights, const Settings& settings) : fusion_(weights, settings) {}

  /// Image [1,3,H,W] -> the features that RITM's clicks are added to [1,C,H/2,W/2].
  [[nodiscard]] virtual Tensor stem(const Tensor& image) const = 0;
  [[nodiscard]] virtual Start begin(const Tensor& stem) const = 0;
  [[nodiscard]] virtual Tensor part(std::size_t site, const Tensor& x, const Skips& skips) const = 0;
  [[nodiscard]] virtual std::span<const std::string_view> site_names() const = 0;

 private:
  struct Image;
  struct Clicked;
  ClickFusion fusion_;
};

}  // namespace gbrs
