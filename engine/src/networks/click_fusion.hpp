// SPDX-License-Identifier: Apache-2.0
#pragma once

// How clicks enter the networks of f-BRS and RITM.
//
//   f-BRS   distance maps: tanh(2 d / radius) to the nearest click of a sign, 1 without one (radius 260); [R,G,B,
//           including, excluding] -> rgb_conv -> 3 channels in the image's place
//   RITM    discs of ones (radius 5), 0 without a click; [previous probability, including, excluding] ->
//           maps_transform -> 64 channels at 1/2, added to the backbone's first features
//
// Settings: norm_radius, and of RITM use_leaky_relu (true) and binary_prev_mask (false).

#include <optional>

#include "networks/batch_norm.hpp"
#include "networks/network.hpp"
#include "networks/settings.hpp"

namespace gbrs {

class ClickFusion {
 public:
  /// Takes rgb_conv, or maps_transform where that is there.
  ClickFusion(Weights& weights, const Settings& settings);

  /// Whether the clicks change the image itself (f-BRS).
  [[nodiscard]] bool is_early() const { return norm_.has_value(); }

  /// Any weight, for its type and device.
  [[nodiscard]] const Tensor& like() const { return first_.weight; }

  /// The two maps [1,2,h,w] of including and excluding clicks, in the type of `like`.
  [[nodiscard]] Tensor click_maps(std::span<const PromptClick> clicks, std::int64_t height, std::int64_t width,
                                  const Tensor& like) const;

  /// f-BRS: image [1,3,h,w] and click maps -> [1,3,h,w].
  [[nodiscard]] Tensor fused(const Tensor& image, const Tensor& maps) const;
  /// RITM: click maps and the answer before (logits on any grid; undefined: none) -> [1,64,h/2,w/2].
  [[nodiscard]] Tensor transformed(const Tensor& maps, const Tensor& previous) const;

 private:
  double radius_;
  bool is_leaky_, is_binary_;
  Convolution first_, second_;
  std::optional<BatchNorm> norm_;  ///< f-BRS
  Tensor scale_;                   ///< RITM
};

}  // namespace gbrs
