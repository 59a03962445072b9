// SPDX-License-Identifier: Apache-2.0
#pragma once

// The optimiser of BRS and f-BRS: L-BFGS-B (Byrd, Lu, Nocedal, Zhu; doi:10.1137/0916069) in its authors' own release,
// without bounds and driven as scipy's fmin_l_bfgs_b drives it, which the published code calls.

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace gbrs {

struct LbfgsbOptions {
  int pairs = 20;                  ///< m: changes of the gradient that are kept
  double least_reduction = 0;      ///< factr: stops when f falls by less than this many epsilons of it
  double least_gradient = 1e-8;    ///< pgtol: stops when no derivative is larger
  int evaluations = 20;            ///< maxfun: looked at between iterations, so a search may pass it
  int iterations = 40;             ///< maxiter
};

struct LbfgsbResult {
  std::vector<double> x;
  double value = 0;     ///< of the function at x
  int iterations = 0;
  int evaluations = 0;  ///< a point equal to the one before is neither evaluated again nor counted
  std::string reason;   ///< in the library's words
};

/// Writes the derivatives at x into `gradient`, returns the value.
using Differentiable = std::function<double(std::span<const double> x, std::span<double> gradient)>;

/// Minimises from `x` on, which must not be empty. Throws what `function` throws.
[[nodiscard]] LbfgsbResult minimise(const Differentiable& function, std::vector<double> x, const LbfgsbOptions& options);

}  // namespace gbrs
