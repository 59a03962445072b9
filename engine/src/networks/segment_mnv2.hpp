// SPDX-License-Identifier: Apache-2.0
#pragma once

// Segmentation by clicks on MobileNetV2, for models/segment-small.
//
//   GuidedMnv2 with click maps -> 1/8 <- site "eighth" (96 channels) -> 1/4 -> 1/2 -> logit
//
// Two architectures say where the clicks enter:
//   "segment-mnv2"           late: the whole encoder belongs to the frame; three click maps
//   "segment-mnv2-entering"  at 1/8: the encoder's blocks 6 to 16 see the clicks, too, and run once a click; five
//                            click maps, the last two the regions that the user gave by a radius
//
// Answers are logits [B,1,(H+1)/2,(W+1)/2], threshold 0. Batches are for training; a session's is 1.

#include <string_view>

#include "networks/guided_mnv2.hpp"

namespace gbrs {

class SegmentMnv2 final : public Network {
 public:
  static constexpr std::string_view kLate = "segment-mnv2";
  static constexpr std::string_view kEntering = "segment-mnv2-entering";
  static constexpr double kDiskRadius = 5;  ///< of a click in the click maps, pixels of the frame (training)

  /// Throws WeightError.
  SegmentMnv2(std::string_view architecture, Weights weights);

  [[nodiscard]] Tensor normalised(const Tensor& frame) const override;
  [[nodiscard]] FrameSides frame_sides() const override { return GuidedMnv2::kFrameSides; }
  /// input [1,3,16a+1,16b+1].
  [[nodiscard]] std::unique_ptr<Encoded> encode_input(const Tensor& input) const override;
  [[nodiscard]] std::unique_ptr<Conditioned> condition(const Encoded& encoded, const Prompt& prompt) const override;
  [[nodiscard]] Tensor decode(const Conditioned& conditioned, Insertions& insertions) const override;
  /// 1/8 and 1/16 of the encoder.
  [[nodiscard]] std::vector<Tensor> likeness_levels(const Encoded& encoded,
                                                    const Conditioned& conditioned) const override;
  [[nodiscard]] std::vector<std::string> sites() const override { return {"eighth"}; }

  // The same from ready tensors, channels last, in batches: for training and parity tests.

  /// The encoder's part that never sees a click: input [B,3,H,W], R'G'B' / 127.5 - 1.
  [[nodiscard]] MobileNetV2::Skips shallow(const Tensor& input) const { return body_.shallow(input); }
  [[nodiscard]] std::unique_ptr<Encoded> encode_skips(const MobileNetV2::Skips& skips) const;
  /// maps [B,click_map_count(),H,W] as click_maps() makes them.
  [[nodiscard]] std::unique_ptr<Conditioned> condition_maps(const Encoded& encoded, const Tensor& maps) const;
  [[nodiscard]] std::int64_t click_map_count() const { return body_.map_count(); }

  /// All levels of an answer.
  struct Levels {
    MobileNetV2::Skips skips;
    Tensor sixteenth, context, eighth, quarter, logits;
  };
  [[nodiscard]] Levels levels(const Tensor& input, const Tensor& maps) const;

 private:
  struct Frame;
  struct Click;

  GuidedMnv2 body_;
  Convolution logit_;
  UpsampledHead half_and_logit_;
};

/// The click maps [1,count,H,W]: discs around including clicks, discs around excluding ones, the previous answer's
/// probability (0 without one); with count 5 also the discs of the radii that the user gave, including, excluding.
[[nodiscard]] Tensor click_maps(const Prompt& prompt, std::int64_t count, std::int64_t height, std::int64_t width,
                                const at::TensorOptions& options);

}  // namespace gbrs
