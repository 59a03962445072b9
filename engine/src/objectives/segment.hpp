// SPDX-License-Identifier: Apache-2.0
#pragma once

// The objective of interactive segmentation (paper, eq. 8), on logits with threshold 0:
//
//   L_r = sum_i max(1 - l_i f(u_i, v_i), 0)^2          over all clicks, l = +1 object, -1 background
//   L_c = lambda / (H W) sum ((f_prev - f) M)^2        M = 0 in the new clicks' discs, lambda = 100
//   L_a = sum_j w_j max(1 - l f_j, 0)^2                over the regions of the new clicks (method.md, Region), if any
//
// f is sampled bilinearly at the clicks: at whole u, v this is exactly the pixel. Clicks beyond the grid's
// edge take its nearest value.

#include "gbrs/method.hpp"
#include "objectives/objective.hpp"

namespace gbrs {

/// The early stop (method.md, Loop): the largest max(1 - l f, 0), or the largest |l - f| as printed in
/// the paper, or no early stop.
using StopRule = MethodOptions::Stop;

struct SegmentOptions {
  double lambda = 100.0;  ///< weight of L_c; 0 leaves it out
  StopRule stop = StopRule::deficit;
};

class SegmentObjective final : public Objective {
 public:
  explicit SegmentObjective(SegmentOptions options = {}) : options_(options) {}
  [[nodiscard]] std::unique_ptr<StepLoss> begin(const Tensor& previous, const ClickList& clicks) const override;
  [[nodiscard]] bool satisfied(const Tensor& answer, const GridClick& click) const override;

 private:
  SegmentOptions options_;
};

}  // namespace gbrs
