// SPDX-License-Identifier: Apache-2.0
#include "refine/refiner.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "refine/step_length.hpp"

namespace gbrs {
namespace {

bool all_finite(const std::vector<Tensor>& parameters) {
  return std::ranges::all_of(parameters,
                             [](const Tensor& p) { return std::isfinite(p.detach().sum().item<double>()); });
}

}  // namespace

RefinerResult Refiner::run(const Decode& decode, Insertions& insertions, const Begin& begin, std::stop_token stop,
                           const Watch& watch) {
  RefinerResult result;
  // The first answer is also the first iteration's: it is computed once, with its graph if there is one to
  // come. The very first pass makes the layers, hence the graph is on already.
  const bool refines = options_.iterations > 0;
  Tensor answer;
  {
    const at::AutoGradMode grad(refines);
    answer = decode(insertions);
  }
  const at::NoGradGuard no_grad;
  result.first = result.answer = answer.detach();
  const std::unique_ptr<StepLoss> loss = begin(result.first);
  if (loss == nullptr || !refines) return result;

  const int iterations = std::min(options_.iterations, loss->most_iterations());
  const std::vector<SiteValues> before = insertions.values();
  Adam adam(options_.rate, options_.keeps_adam ? adam_ : AdamState{});
  const std::vector<Tensor> parameters = insertions.parameters();
  std::vector<SiteValues> best_values = before;
  Tensor best_answer = result.first;
  double best_total = std::numeric_limits<double>::infinity();

  const auto give_up = [&] {
    insertions.set_values(before);
    result.answer = result.first;
    result.steps = 0;
  };

  for (int iteration = 0;; ++iteration) {
    if (stop.stop_requested()) {
      give_up();
      result.is_stopped = true;
      return result;
    }
    const bool is_last = iteration == iterations;
    if (iteration > 0) {
      const at::AutoGradMode grad(!is_last);
      answer = decode(insertions);
    }
    Loss evaluation;
    {
      const at::AutoGradMode grad(!is_last);
      evaluation = loss->evaluate(answer);
    }
    const double total = evaluation.total.item<double>();
    result.trace.push_back({evaluation.refine, evaluation.keep, total, evaluation.stop.value_or(0)});
    if (!std::isfinite(total)) {
      give_up();
      result.is_diverged = true;
      return result;
    }
    result.answer = answer.detach();
    if (total < best_total) {
      best_total = total;
      result.best = iteration;
      if (options_.returns_best) {
        best_values = insertions.values();
        best_answer = result.answer;
      }
    }
    const bool is_done = options_.has_early_stop && evaluation.stop && *evaluation.stop < options_.stop_at;
    if (is_last || is_done) break;

    if (watch) watch(iteration, result.answer);
    evaluation.total.backward();
    const bool searches_length = loss->share_of_way(result.answer).has_value();
    const std::vector<Tensor> left = searches_length ? copies(parameters) : std::vector<Tensor>{};
    adam.step(parameters);
    if (searches_length) search_step_length(left, parameters, [&] { return *loss->share_of_way(decode(insertions)); });
    insertions.project();
    ++result.steps;
  }

  if (options_.returns_best) {
    insertions.set_values(best_values);
    result.answer = best_answer;
  }
  if (!all_finite(parameters)) {
    give_up();
    result.is_diverged = true;
    return result;
  }
  if (options_.keeps_adam) adam_ = adam.state();
  return result;
}

}  // namespace gbrs
