// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only header through which the torch rooms name a tensor. It stays narrow on purpose: ATen's operators
// are included one by one (ATen/ops/NAME.h) where they are used, which compiles four times faster than the
// umbrella headers.

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>

namespace gbrs {

using at::Tensor;

}  // namespace gbrs
