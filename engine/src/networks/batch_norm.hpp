// SPDX-License-Identifier: Apache-2.0
#pragma once

// Batch norm with its running statistics, as one scale and one shift a channel: on its own, or folded into the
// convolution in front of it (in float64, rounded once).

#include <cstdint>
#include <string>

#include "networks/convolution.hpp"
#include "networks/weights.hpp"

namespace gbrs {

inline constexpr double kNormEpsilon = 1e-5;

struct BatchNorm {
  Tensor scale, shift;  ///< [C]

  /// x [B,C,H,W].
  [[nodiscard]] Tensor operator()(const Tensor& x) const;
};

/// Takes KEY.weight, .bias, .running_mean, .running_var and, where it is there, .num_batches_tracked.
[[nodiscard]] BatchNorm take_batch_norm(Weights& weights, const std::string& key, std::int64_t channels,
                                        double epsilon = kNormEpsilon);

/// What the convolution and the norm behind it compute; the activation comes last.
[[nodiscard]] Convolution folded(Convolution convolution, const BatchNorm& norm);

/// A convolution at KEY with the norm at NORM.
[[nodiscard]] Convolution take_normed(Weights& weights, const std::string& key, const std::string& norm,
                                      ConvolutionShape shape, double epsilon = kNormEpsilon);

}  // namespace gbrs
