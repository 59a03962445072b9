// SPDX-License-Identifier: Apache-2.0
#pragma once

// The consistency loss of answers that are one number a pixel (paper, eq. 8, 11 and 13):
//
//   L_c = lambda / (H W) sum ((f_prev - f) M)^2        M: the product of the step's new clicks' attention masks

#include "layers/tensor.hpp"
#include "objectives/attention.hpp"
#include "objectives/objective.hpp"

namespace gbrs {

class SquaredConsistency {
 public:
  /// `lambda` 0 leaves it out. `previous`: f_prev [1,1,H,W].
  SquaredConsistency(double lambda, MaskShape shape, const Tensor& previous, const ClickList& list);

  /// Adds L_c to the loss of `answer`.
  void add_to(Loss& loss, const Tensor& answer) const;

 private:
  double lambda_;
  Tensor previous_;
  Tensor mask_;  // M [1,1,H,W]; undefined: no L_c
};

/// The product of the masks of the step's new clicks [1,1,H,W], like `previous` in type and device.
[[nodiscard]] Tensor new_clicks_mask(MaskShape shape, const Tensor& previous, const ClickList& list);

}  // namespace gbrs
