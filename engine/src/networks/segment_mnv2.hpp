// SPDX-License-Identifier: Apache-2.0
#pragma once

// "segment-mnv2": segmentation by clicks on a frozen MobileNetV2, for models/segment-small.
//
//   clicks (discs, previous probability) -> 3x3 stride 2 -> 1/2 -> 1/4 -> 1/8 -> 1/16
//   1/16  context of the frame + clicks -> four inverted residuals                       128 channels
//   1/8   [context upsampled, skip, clicks] -> two separable convolutions                 96   <- site "eighth"
//   1/4   [upsampled, skip, clicks] -> separable                                          64
//   1/2   [reduced and upsampled, skip, clicks] -> separable -> logit                      1
//
// All activations are ReLU except in the encoder and the residuals (ReLU6, linear ends). All upsampling is
// bilinear with corners on corners, frames are 16m + 1, so every grid has the frame's corners.
// Answers are logits [1,1,(H+1)/2,(W+1)/2], threshold 0.

#include <string_view>

#include "networks/mobilenetv2.hpp"
#include "networks/network.hpp"
#include "networks/separable.hpp"

namespace gbrs {

class SegmentMnv2 final : public Network {
 public:
  static constexpr std::string_view kArchitecture = "segment-mnv2";
  static constexpr double kDiskRadius = 5;  ///< of a click in the click maps, pixels of the frame (training)

  /// Throws WeightError.
  explicit SegmentMnv2(Weights weights);

  /// frame [16a+1,16b+1,3].
  [[nodiscard]] std::unique_ptr<Encoded> encode(const Tensor& frame) const override;
  [[nodiscard]] std::unique_ptr<Conditioned> condition(const Encoded& encoded, const Prompt& prompt) const override;
  [[nodiscard]] Tensor decode(const Conditioned& conditioned, Insertions& insertions) const override;
  [[nodiscard]] std::vector<std::string> sites() const override { return {"eighth"}; }

  /// encode and condition from ready tensors, and all levels of the answer: for parity tests.
  struct Levels {
    MobileNetV2::Skips skips;
    Tensor context, eighth, quarter, logits;
  };
  [[nodiscard]] Levels levels(const Tensor& input, const Tensor& clicks) const;

 private:
  struct Frame;
  struct Click;
  [[nodiscard]] Frame encode_input(const Tensor& input) const;
  [[nodiscard]] Click condition_maps(const Frame& frame, const Tensor& maps) const;
  [[nodiscard]] Tensor quarter(const Click& click, const Tensor& eighth) const;
  [[nodiscard]] Tensor logits(const Click& click, const Tensor& quarter) const;

  MobileNetV2 encoder_;
  Convolution clicks_half_, clicks_quarter_, clicks_eighth_, clicks_sixteenth_;
  Convolution context_local_, context_pool_, context_project_;
  std::vector<InvertedResidual> context_blocks_;
  Convolution eighth_skip_;
  SplitSeparable eighth_sep_0_, eighth_sep_1_;
  Convolution quarter_skip_;
  SplitSeparable quarter_sep_0_;
  Convolution half_reduce_, half_skip_;
  SplitSeparable half_sep_0_;
  Convolution half_logit_;
};

/// The click maps [1,3,H,W]: discs around including clicks, discs around excluding ones, the previous
/// answer's probability (0 without one).
[[nodiscard]] Tensor click_maps(const Prompt& prompt, std::int64_t height, std::int64_t width,
                                const at::TensorOptions& options);

}  // namespace gbrs
