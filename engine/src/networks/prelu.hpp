// SPDX-License-Identifier: Apache-2.0
#pragma once

// PReLU, as the ESP networks have it: behind a convolution, or behind a batch norm that no convolution can hold. On the
// CPU a norm and a PReLU are one pass over the map, forward and backward: torch's own gradient of PReLU computes the
// slopes' as well, and takes ten times as long.

#include <cstdint>
#include <string>

#include "networks/batch_norm.hpp"
#include "networks/convolution.hpp"
#include "networks/weights.hpp"

namespace gbrs {

struct PRelu {
  Tensor slopes;  ///< [C], frozen

  /// x [B,C,H,W].
  [[nodiscard]] Tensor operator()(const Tensor& x) const;
};

/// Takes KEY.weight.
[[nodiscard]] PRelu take_prelu(Weights& weights, const std::string& key, std::int64_t channels);

/// Batch norm and PReLU.
struct NormedPRelu {
  BatchNorm norm;
  PRelu activation;

  /// x [B,C,H,W].
  [[nodiscard]] Tensor operator()(const Tensor& x) const;
  /// The same for channels first to first + count alone.
  [[nodiscard]] NormedPRelu part(std::int64_t first, std::int64_t count) const;
};

[[nodiscard]] NormedPRelu take_normed_prelu(Weights& weights, const std::string& norm, const std::string& activation,
                                            std::int64_t channels, double epsilon = kNormEpsilon);

/// Convolution with batch norm, and PReLU.
struct ConvolutionPRelu {
  Convolution convolution;
  PRelu activation;

  [[nodiscard]] Tensor operator()(const Tensor& x) const { return activation(convolution(x)); }
};

}  // namespace gbrs
