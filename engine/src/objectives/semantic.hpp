// SPDX-License-Identifier: Apache-2.0
#pragma once

// The objective of semantic segmentation (paper, eq. 9 and 10), on C logits; p = softmax(f) over the classes:
//
//   clicks    L_r = -1/n sum_i log p(l_i; u_i, v_i)             over all clicks
//   strokes   L_r = -1/(H W) sum over the painted of log p(T)   T: the class that is painted there
//   both      L_c = -lambda/(H W) sum outside of log p(c_prev)  c_prev = argmax f_prev, the lowest class of equals
//
// "Outside" are the pixels that no new click's disc holds and no stroke of the history paints; lambda is that of
// clicks where the step brings one, else that of strokes. A history with both asks for both. L_c is not 0 at f_prev:
// it sharpens the answer, so the sum says little about a click's success (docs/dense.md).
//
// Beyond the paper, L_c may hold the first answer's probabilities instead, -lambda/(H W) sum outside of
// sum_c p_prev(c) log p(c), which is least at f_prev: nothing sharpens. And of a click's disc only what has the label of
// the clicked pixel may be let go: what is labelled otherwise is not what the click corrects.

#include "gbrs/method.hpp"
#include "objectives/objective.hpp"

namespace gbrs {

/// What sums over pixels are divided by: all of them, or those that carry a label (at least 1; method.md, ce_norm).
using CrossEntropyNorm = MethodOptions::CrossEntropyNorm;

struct SemanticOptions {
  double lambda_click = 10.0;
  double lambda_stroke = 1.0;
  CrossEntropyNorm norm = CrossEntropyNorm::all;
  MethodOptions::ConsistencyTo consistency_to = MethodOptions::ConsistencyTo::labels;
  MethodOptions::Attention attention = MethodOptions::Attention::disc;
};

class SemanticObjective final : public Objective {
 public:
  explicit SemanticObjective(SemanticOptions options = {}) : options_(options) {}
  [[nodiscard]] std::unique_ptr<StepLoss> begin(const Tensor& previous, const ClickList& clicks) const override;
  /// The clicked place has the click's class.
  [[nodiscard]] bool satisfied(const Tensor& answer, const GridClick& click) const override;

 private:
  SemanticOptions options_;
};

}  // namespace gbrs
