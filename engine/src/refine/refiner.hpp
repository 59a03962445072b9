// SPDX-License-Identifier: Apache-2.0
#pragma once

// The loop of G-BRS (method.md, Loop) for any network, insertions and objective:
//
//   f_prev <- f(x, p_prev)
//   for it = 0 .. I-1:  f <- f(x, p);  L <- L_r + L_c;  leave if the early-stop value is below its bound
//                       p <- p - Adam step;  w <- clamp(w, 0, 1)
//   answer f(x, p)
//
// It knows no task and no network: the network is a function that decodes with the insertions, the objective
// comes from a function that sees the first answer.

#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

#include "layers/insertions.hpp"
#include "objectives/objective.hpp"
#include "refine/adam.hpp"

namespace gbrs {

struct RefinerOptions {
  double rate = 0.0015625;     ///< Adam's learning rate, for all parameters
  int iterations = 20;         ///< at most this many steps, or what the loss says (a push: 1)
  bool has_early_stop = true;  ///< leave when Loss::stop < stop_at, tested before each step
  double stop_at = 0.8;        ///< the paper's bound
  bool keeps_adam = false;     ///< `adam = keep`: moments and step counter go on from click to click
  bool returns_best = false;   ///< `iterate = best`: lowest L_r + L_c of all evaluations, the earliest of equals
};

/// One row of the trace: an evaluation of the loss, the last answer's included.
struct TraceRow {
  double refine = 0;  ///< L_r
  double keep = 0;    ///< L_c
  double total = 0;
  double stop = 0;  ///< 0 where the task has none
};

struct RefinerResult {
  Tensor first;   ///< f_prev, without gradient
  Tensor answer;  ///< without gradient
  int steps = 0;  ///< optimiser steps made
  int best = 0;   ///< index of the lowest total in the trace
  std::vector<TraceRow> trace;
  bool is_stopped = false;   ///< asked to stop: answer is `first`, the parameters are as before
  bool is_diverged = false;  ///< a loss or parameter was not finite: the same
};

class Refiner {
 public:
  /// f(x, p) for the step's x: passes its features through the insertions.
  using Decode = std::function<Tensor(Insertions&)>;
  /// Called once with f_prev; makes the step's loss from it. Null: no refinement.
  using Begin = std::function<std::unique_ptr<StepLoss>(const Tensor& first)>;
  /// Called before each optimiser step with the answer that it will change, without gradient; iteration 0: f_prev.
  using Watch = std::function<void(int iteration, const Tensor& answer)>;

  explicit Refiner(RefinerOptions options) : options_(options) {}

  /// Runs one step of the history from the insertions' present parameters and leaves its result in them.
  /// `stop` is polled before every iteration.
  RefinerResult run(const Decode& decode, Insertions& insertions, const Begin& begin, std::stop_token stop = {},
                    const Watch& watch = {});

  /// With keeps_adam: the optimiser's state, to be carried with the parameters.
  [[nodiscard]] const AdamState& adam_state() const { return adam_; }
  void set_adam_state(AdamState state) { adam_ = std::move(state); }

 private:
  RefinerOptions options_;
  AdamState adam_;
};

}  // namespace gbrs
