// SPDX-License-Identifier: Apache-2.0
#pragma once

// Monocular depth by local planar guidance (Lee et al., "From Big to Small", BTS) on a DenseNet, "bts", with the widths
// of its weights.
//
//   DenseNet -> skips 1/2 to 1/16, norm5 1/32                       <- site "norm5" (2208 channels)
//   enlarged with skips to 1/8; densely connected atrous branches: F
//   planes from F at 1/8, at 1/4 and at 1/2 (each with what came before), enlarged to full size
//   all of them at full size: depth in metres [1,1,H,W]
//
// norm5 has many channels: insertions there want top-k channel selection (256 in the paper). The skips' shares of the
// decoder's convolutions are computed once a frame. Frames are multiples of 32. Settings: max_depth (10; KITTI 80),
// dataset ("nyu"), and for "kitti" the focal length in pixels, focal (715.0873), by which its depth is scaled.
// Watched: the names of the tables in the case folders bts_*.

#include <utility>

#include "networks/chain_network.hpp"
#include "networks/densenet.hpp"
#include "networks/planar_guidance.hpp"
#include "networks/settings.hpp"
#include "networks/split_convolution.hpp"

namespace gbrs {

class Bts final : public ChainNetwork {
 public:
  static constexpr std::string_view kName = "bts";

  /// Throws WeightError, std::invalid_argument (settings).
  Bts(Weights weights, const Settings& settings);

  [[nodiscard]] Tensor normalised(const Tensor& frame) const override;
  [[nodiscard]] FrameSides frame_sides() const override { return {.step = 32, .least = 32}; }

 protected:
  [[nodiscard]] Start begin(const Tensor& input) const override;
  [[nodiscard]] Tensor part(std::size_t site, const Tensor& x, const Skips& skips) const override;
  [[nodiscard]] std::span<const std::string_view> site_names() const override;
  /// 1/8 and 1/32 of the encoder.
  [[nodiscard]] std::vector<Tensor> likeness(const Skips& skips, const std::vector<Tensor>& features) const override;

 private:
  /// Enlarged twice, 3x3, ELU, batch norm; joined with a skip by another 3x3 and ELU.
  struct Up {
    Convolution up;
    BatchNorm norm;
    SplitConvolution join;
  };
  /// Norm (not in the first), ReLU, 1x1 with norm and ReLU, dilated 3x3.
  struct Atrous {
    BatchNorm first;
    Convolution reduce, dilated;
  };
  [[nodiscard]] Up take_up(Weights& weights, int number, std::int64_t in, std::int64_t skip, std::int64_t extra) const;
  [[nodiscard]] Atrous take_atrous(Weights& weights, std::int64_t dilation, std::int64_t in) const;
  [[nodiscard]] Tensor enlarged(const Up& up, const Tensor& x) const;
  [[nodiscard]] Tensor dense_atrous(const Tensor& c4, const Tensor& i4) const;
  [[nodiscard]] Tensor scaled_planes(std::size_t index, const Tensor& x) const;
  [[nodiscard]] Tensor depth(const Tensor& i2, const std::vector<Tensor>& scaled) const;

  double max_depth_, focal_scale_;
  DenseNet encoder_;
  std::vector<Up> ups_;  ///< upconv5 to upconv2
  BatchNorm bn4_2_;
  std::vector<Atrous> atrous_;
  Convolution atrous_join_;
  std::vector<Reduction> reductions_;  ///< 8x8, 4x4, 2x2, 1x1
  Convolution upconv1_, conv1_, get_depth_;
};

}  // namespace gbrs
