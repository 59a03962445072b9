// SPDX-License-Identifier: Apache-2.0
#pragma once

// Refining a map that the network did not make (method.md, Start): a saved matte, the depth layer of another
// program. With s0 that map and f0 = f(x, identity), scale a and shift b fit f0 to s0; what is left of s0, its own
// detail, stays:
//
//   answer = a f + b + (s0 - a f0 - b) = s0 + a (f - f0)        so no click gives exactly the start
//
// A target l of the answer at a place becomes f0 + (l - s0) / a there for the network; b falls out.

#include "layers/tensor.hpp"
#include "objectives/objective.hpp"

namespace gbrs {

class Start {
 public:
  /// `own`: f0 [1,1,H,W]; `given`: s0 on the same grid, NaN where nothing is known. `fits_scale`: a is the
  /// least-squares scale over known pixels (depth); else, and where either map is constant, a = 1.
  Start(const Tensor& own, const Tensor& given, bool fits_scale);

  [[nodiscard]] double scale() const { return scale_; }
  /// a (f - f0): what is to be added to the start.
  [[nodiscard]] Tensor change(const Tensor& answer) const { return (answer - own_) * scale_; }
  /// Of a target of the answer, what the network should say there.
  [[nodiscard]] double to_network(const GridClick& click) const;
  /// Of the network's answer, the value at a place.
  [[nodiscard]] double at(const Tensor& answer, const GridClick& place) const;

 private:
  Tensor own_;
  Tensor given_;  // f0 + b where nothing is known
  double scale_ = 1;
};

}  // namespace gbrs
