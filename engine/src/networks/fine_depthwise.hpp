// SPDX-License-Identifier: Apache-2.0
#pragma once

// A depthwise convolution on a finer grid, as ESPNetv2's pyramids have it:
//
//   adaptive average pool(depthwise 3x3(upsample(x)))        upsample: bilinear, corners on corners
//
// All three are linear, and but for the kernel's nine values they act on rows and columns apart: with A_i, B_j the
// narrow matrices that upsample, move by i or j and pool,
//
//   y = sum_ij k_ij A_i x B_j^T
//
// which is computed row by row, and the maps of the finer grid are never made. The gradient with respect to x is the
// same with A_i^T and B_j^T. On the CPU, for one map of floats; otherwise operator by operator.

#include <cstdint>

#include "networks/convolution.hpp"

namespace gbrs {

/// x [B,C,h,w] -> [B,C,h,w]; the finer grid is height x width, not below x's own. `depthwise`: 3x3, padded, without bias
/// and activation.
[[nodiscard]] Tensor fine_depthwise(const Convolution& depthwise, const Tensor& x, std::int64_t height,
                                    std::int64_t width);

}  // namespace gbrs
