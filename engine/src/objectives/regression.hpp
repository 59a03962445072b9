// SPDX-License-Identifier: Apache-2.0
#pragma once

// The objective of answers that are a value a pixel: matting (paper, eq. 11) and depth (eq. 13).
//
//   click   L_r = sum_i (l_i - f(u_i, v_i))^2, or its mean      over all clicks
//           L_c = lambda / (H W) sum ((f_prev - f) M)^2         M: inverse Gaussians around the new clicks
//   push    L_r = (f_prev(u, v) +- eps - f(u, v))^2             eq. 12: new pushes only, no L_c, one iteration
//
// A step whose new clicks are all pushes is a push; other clicks are then neither used nor forgotten, and a push is
// not remembered. In a step of both (clicks that joined), a push is a click with the target f_prev +- eps.
// Adam's first step is as long as its rate, whatever eps is, which gives the direction only, unless the step's length
// is searched (`has_push_scale`).

#include <optional>

#include "objectives/objective.hpp"
#include "objectives/start.hpp"

namespace gbrs {

struct RegressionOptions {
  double lambda = 0;     ///< weight of L_c
  bool is_mean = false;  ///< of L_r: the mean over clicks, not the sum
  double push = 0.1;     ///< eps, in the answer's unit
  bool has_push_scale = false;
  double tolerance = 0.05;  ///< how far from its target a satisfied click may be
  bool is_tolerance_relative = false;

  static RegressionOptions matte() { return {.lambda = 1e3, .is_mean = true}; }
  static RegressionOptions depth() { return {.lambda = 0.1, .is_tolerance_relative = true}; }
};

class RegressionObjective final : public Objective {
 public:
  /// `start`: targets are those of the answer that goes on from it.
  explicit RegressionObjective(RegressionOptions options, std::optional<Start> start = std::nullopt)
      : options_(options), start_(std::move(start)) {}
  [[nodiscard]] std::unique_ptr<StepLoss> begin(const Tensor& previous, const ClickList& clicks) const override;
  /// A push always is.
  [[nodiscard]] bool satisfied(const Tensor& answer, const GridClick& click) const override;

 private:
  RegressionOptions options_;
  std::optional<Start> start_;
};

}  // namespace gbrs
