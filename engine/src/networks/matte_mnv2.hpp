// SPDX-License-Identifier: Apache-2.0
#pragma once

// Matting from a trimap on MobileNetV2, "matte-mnv2", for models/matte-small.
//
//   trimap -> four maps: object, background, unknown, and an estimate of alpha by colours alone (known_colours.hpp)
//   GuidedMnv2 with those maps, entering at 1/8    1/8 <- site "eighth" (96 channels), 1/4 <- site "quarter" (64)
//   colours, maps, the object's and the background's colours around -> 3x3 -> 3x3 (1/1, 16 channels)
//     -> 3x3 stride 2, added to 1/2     <- site "half" (32)
//   1/2 -> separable -> 1x1 (8), upsampled; with the 16 channels of 1/1: 3x3 (16) -> alpha
//
// What the trimap knows is its own value, whatever is inserted. Where it is unknown the answer, alpha [B,1,H,W], is
// not clamped, so that a refinement's gradient never vanishes.
//
// Frames have four channels, the last the trimap (0 background, 255 object, anything else unknown), and sides 16m + 1.
// decode begins at the first site where something is inserted. Batches are for training; a session's is 1.

#include <array>
#include <string_view>

#include "networks/guided_mnv2.hpp"
#include "networks/settings.hpp"
#include "networks/split_convolution.hpp"

namespace gbrs {

class MatteMnv2 final : public Network {
 public:
  static constexpr std::string_view kName = "matte-mnv2";
  static constexpr std::string_view kMaps = "trimap";  ///< of the keys of what sees the trimap

  /// Throws WeightError.
  explicit MatteMnv2(Weights weights, const Settings& settings = {});

  /// [1,4,H,W]: R'G'B' / 127.5 - 1 and the trimap / 255.
  [[nodiscard]] Tensor normalised(const Tensor& frame) const override;
  /// The same of pixels [B,4,H,W] in any floating type.
  [[nodiscard]] static Tensor normalised_batch(const Tensor& pixels);
  [[nodiscard]] FrameSides frame_sides() const override { return GuidedMnv2::kFrameSides; }
  [[nodiscard]] std::unique_ptr<Encoded> encode_input(const Tensor& input) const override;
  [[nodiscard]] std::unique_ptr<Conditioned> condition(const Encoded& encoded, const Prompt& prompt) const override;
  [[nodiscard]] Tensor decode(const Conditioned& conditioned, Insertions& insertions) const override;
  /// 1/8 and 1/16 of the encoder.
  [[nodiscard]] std::vector<Tensor> likeness_levels(const Encoded& encoded,
                                                    const Conditioned& conditioned) const override;
  [[nodiscard]] std::vector<std::string> sites() const override { return {kSites.begin(), kSites.end()}; }

  // The same for training, in batches.

  /// What is computed before anything that learns.
  struct Given {
    MobileNetV2::Skips skips;  ///< of the encoder's part that never sees the trimap
    Tensor maps;               ///< [B,4,H,W]: object, background, unknown, estimate (0 where known)
    Tensor detail;             ///< [B,13,H,W]: colours, maps, object's and background's colours around

    [[nodiscard]] Given to(at::ScalarType type) const;
  };
  /// input [B,4,H,W] as from normalised(), float32.
  [[nodiscard]] Given given(const Tensor& input) const;
  /// Alpha [B,1,H,W], without insertions.
  [[nodiscard]] Tensor alpha(const Given& given) const;

 private:
  static constexpr std::array<std::string_view, 3> kSites{"eighth", "quarter", "half"};
  struct Frame;
  [[nodiscard]] std::unique_ptr<Frame> encode_given(const Given& given) const;
  /// What comes behind site `number`: the feature at the next one, or the answer.
  [[nodiscard]] Tensor part(const Frame& frame, std::size_t number, const Tensor& feature) const;
  [[nodiscard]] Tensor answer(const Frame& frame, const Tensor& half) const;

  GuidedMnv2 body_;
  Convolution detail_0_, detail_1_, detail_half_;
  SplitSeparable fine_sep_0_;
  Convolution fine_reduce_;
  SplitConvolution full_fuse_;
  Convolution full_alpha_;
};

}  // namespace gbrs
