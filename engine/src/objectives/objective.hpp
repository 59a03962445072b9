// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the clicks ask for, as a loss L = L_r + L_c (paper, eq. 7): L_r pulls the answer to the targets at
// the clicks, L_c holds everything outside the newest clicks' attention masks at the first answer of this
// step. One file per kind of task; the refinement loop knows this interface only.
//
// Everything here is in the pixels of the answer's own grid: u is a column, v a row, the first value's
// centre is (0, 0). Losses live on that grid (method.md, loss_at).

#include <cstddef>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include "layers/tensor.hpp"

namespace gbrs {

struct GridClick {
  double u = 0;
  double v = 0;
  double radius = 0;  ///< attention radius
  double target = 0;  ///< as in Click
  bool is_push = false;
};

/// What a new click says of pixels around it (objectives/region.hpp).
struct Region {
  Tensor weights;  ///< [1,1,H,W], the loss's own weight included
  double target = 0;
};

/// All clicks of the history up to and with this step, oldest first; the step's own are clicks[first_new..].
struct ClickList {
  std::vector<GridClick> clicks;
  std::size_t first_new = 0;
  std::vector<Region> regions = {};  ///< of new clicks; may be empty
  /// Semantic: the class that strokes of the history want [H,W], int64 on the CPU, kUnpainted elsewhere
  /// (objectives/strokes.hpp); undefined: no strokes.
  Tensor strokes = {};
};

/// One evaluation of the loss.
struct Loss {
  Tensor total;       ///< L_r + L_c + L_a, scalar, differentiable with respect to the answer
  double refine = 0;  ///< L_r
  double keep = 0;    ///< L_c, lambda included
  double region = 0;  ///< L_a
  /// What the early stop compares with its bound; none where the task has no early stop (method.md, STOPTASK).
  std::optional<double> stop = std::nullopt;
};

/// The loss of one step, with everything in it that does not change from iteration to iteration.
class StepLoss {
 public:
  virtual ~StepLoss() = default;
  [[nodiscard]] virtual Loss evaluate(const Tensor& answer) const = 0;

  /// The step is refined in so many iterations at most.
  [[nodiscard]] virtual int most_iterations() const { return std::numeric_limits<int>::max(); }

  /// Where an iteration's length is to be searched (method.md, push_scale): which part of the wanted way the answer
  /// has come, 0 at the first answer and 1 at the goal.
  [[nodiscard]] virtual std::optional<double> share_of_way(const Tensor& /*answer*/) const { return std::nullopt; }
};

class Objective {
 public:
  virtual ~Objective() = default;

  /// `previous` is f_prev [1,C,H,W], without gradient: the first answer of this step, made with the
  /// parameters left by the step before.
  [[nodiscard]] virtual std::unique_ptr<StepLoss> begin(const Tensor& previous, const ClickList& clicks) const = 0;

  /// Whether the answer [1,C,H,W] is what the click asks for.
  [[nodiscard]] virtual bool satisfied(const Tensor& answer, const GridClick& click) const = 0;
};

}  // namespace gbrs
