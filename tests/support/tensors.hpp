// SPDX-License-Identifier: Apache-2.0
#pragma once

// Tensors in tests: from stored arrays, and compared with them.

#include <ATen/ops/arange.h>
#include <ATen/ops/tensor.h>
#include <gtest/gtest.h>

#include "layers/tensor.hpp"
#include "support/oracle.hpp"

namespace gbrs::test {

inline Tensor to_tensor(const OracleArray& array, at::ScalarType type = at::kDouble) {
  return at::tensor(array.values, at::kDouble).view(array.shape).to(type);
}

/// A tensor of varied values in [-1,1], the same on every machine.
inline Tensor wavy(at::IntArrayRef shape, double phase = 0, at::ScalarType type = at::kDouble) {
  std::int64_t count = 1;
  for (const std::int64_t length : shape) count *= length;
  return (at::arange(count, at::kDouble) * 1.7 + phase).sin().view(shape).to(type);
}

/// Whether every value differs by at most `tolerance`; NaN differs.
inline testing::AssertionResult is_near(const Tensor& actual, const Tensor& expected, double tolerance) {
  if (actual.numel() != expected.numel()) {
    return testing::AssertionFailure() << "sizes " << actual.numel() << " and " << expected.numel();
  }
  if (actual.numel() == 0) return testing::AssertionSuccess();
  const Tensor difference =
      (actual.detach().to(at::kDouble).reshape({-1}) - expected.detach().to(at::kDouble).reshape({-1})).abs();
  const double largest = difference.max().item<double>();
  if (largest <= tolerance) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "largest difference " << largest << ", allowed " << tolerance;
}

/// Against a stored array within the oracle's tolerance for the tensor's type.
inline testing::AssertionResult matches(const Tensor& actual, const OracleArray& expected, double relative = 1e-9) {
  const bool is_double = actual.scalar_type() == at::kDouble;
  return is_near(actual, to_tensor(expected), is_double ? expected.tolerance_f64(relative) : expected.tolerance_f32());
}

/// Bit for bit, but for the sign of zero.
inline bool is_equal(const Tensor& a, const Tensor& b) { return a.sizes() == b.sizes() && a.equal(b); }

}  // namespace gbrs::test
