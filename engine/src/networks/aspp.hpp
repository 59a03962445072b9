// SPDX-License-Identifier: Apache-2.0
#pragma once

// Atrous spatial pyramid pooling (Chen et al.): branches of different reach and the image's mean, concatenated in this
// order and projected.

#include <vector>

#include "networks/convolution.hpp"

namespace gbrs {

struct Aspp {
  std::vector<std::vector<Convolution>> branches;  ///< each a chain
  Convolution pool;                                ///< 1x1, of the mean
  Convolution project;

  /// [B,C,h,w] -> [B,out,h,w].
  [[nodiscard]] Tensor operator()(const Tensor& x) const;
};

}  // namespace gbrs
