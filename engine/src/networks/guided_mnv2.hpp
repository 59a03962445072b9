// SPDX-License-Identifier: Apache-2.0
#pragma once

// MobileNetV2 with a decoder whose every level sees maps that a user gave: clicks (segment_mnv2.hpp) or a trimap
// (matte_mnv2.hpp).
//
//   maps -> 3x3 stride 2 -> 1/2 -> 1/4 -> 1/8 -> 1/16
//   1/16  context of the frame + maps -> four inverted residuals                         128 channels
//   1/8   [context upsampled, skip, maps] -> two separable convolutions                   96
//   1/4   [upsampled, skip, maps] -> separable                                            64
//   1/2   [reduced and upsampled, skip, maps] -> separable                                32
//
// The maps enter late, so that the whole encoder belongs to the frame, or at 1/8: then the encoder's blocks 6 to 16
// see them, too. All activations are ReLU except in the encoder and the residuals (ReLU6, linear ends). All upsampling
// is bilinear with corners on corners, frames are 16m + 1, so every grid has the frame's corners.

#include <optional>
#include <string>
#include <vector>

#include "networks/mobilenetv2.hpp"
#include "networks/network.hpp"
#include "networks/separable.hpp"

namespace gbrs {

class GuidedMnv2 {
 public:
  static constexpr FrameSides kFrameSides{.step = 16, .rest = 1, .least = 17};

  /// Takes the keys "encoder.", "context.", "eighth.", "quarter.", "half." and PREFIX. for `map_count` maps.
  GuidedMnv2(Weights& weights, const std::string& prefix, std::int64_t map_count, bool maps_enter);

  /// What depends on the frame alone.
  struct Frame {
    MobileNetV2::Skips skips;
    Tensor sixteenth, context;                       // with late fusion only
    Tensor eighth_share, quarter_share, half_share;  // the skips' shares of the separable convolutions
  };
  /// What depends on frame and maps, up to 1/8.
  struct Guided {
    Tensor sixteenth, context;         // the latter behind the residuals
    Tensor eighth;                     // [B,96,H/8,W/8]
    Tensor quarter_share, half_share;  // skips' and maps' shares
  };

  /// The encoder's part that never sees a map: input [B,3,H,W], R'G'B' / 127.5 - 1, channels last.
  [[nodiscard]] MobileNetV2::Skips shallow(const Tensor& input) const { return encoder_.shallow(input); }
  [[nodiscard]] Frame encode(const MobileNetV2::Skips& skips) const;
  /// maps [B,map_count(),H,W].
  [[nodiscard]] Guided guide(const Frame& frame, const Tensor& maps) const;
  /// [B,96,H/8,W/8] -> [B,64,H/4,W/4].
  [[nodiscard]] Tensor quarter(const Guided& guided, const Tensor& eighth) const;
  /// [B,64,H/4,W/4] -> [B,32,H/2,W/2].
  [[nodiscard]] Tensor half(const Guided& guided, const Tensor& quarter) const;

  /// What follows half(), a pointwise convolution, joined with it...
  [[nodiscard]] UpsampledHead half_and(const Convolution& head) const { return {half_sep_0_, head}; }
  /// ...and its output from [1,96,H/8,W/8]: head(half(quarter(eighth))), as refinement needs it: fast.
  [[nodiscard]] Tensor answer(const Guided& guided, const Tensor& eighth, const UpsampledHead& half_and_head) const {
    return half_and_head(quarter_and_reduce_(eighth, guided.quarter_share), guided.half_share);
  }

  [[nodiscard]] std::int64_t map_count() const { return maps_half_.weight.size(1); }
  [[nodiscard]] at::ScalarType type() const { return maps_half_.weight.scalar_type(); }

 private:
  [[nodiscard]] Tensor context(const Tensor& sixteenth) const;

  MobileNetV2 encoder_;
  Convolution maps_half_, maps_quarter_, maps_eighth_, maps_sixteenth_;
  std::optional<Convolution> maps_enter_;
  Convolution context_local_, context_pool_, context_project_;
  std::vector<InvertedResidual> context_blocks_;
  Convolution eighth_skip_;
  SplitSeparable eighth_sep_0_, eighth_sep_1_;
  Convolution quarter_skip_;
  SplitSeparable quarter_sep_0_;
  Convolution half_reduce_, half_skip_;
  SplitSeparable half_sep_0_;
  UpsampledHead quarter_and_reduce_;
};

}  // namespace gbrs
