// SPDX-License-Identifier: Apache-2.0
#pragma once

// Matrix products on the CPU, shared between the calling thread's threads: the BLAS library computes with one
// (refine/runtime.cpp).

#include "layers/tensor.hpp"

namespace gbrs {

/// rows matrix, or rows matrix + bias: rows [n,k], matrix [k,m], bias [m]. No gradients; on a GPU what torch does.
[[nodiscard]] Tensor rows_times_matrix(const Tensor& rows, const Tensor& matrix, const Tensor& bias = {});

}  // namespace gbrs
