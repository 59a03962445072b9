// SPDX-License-Identifier: Apache-2.0
#include "objectives/task_objective.hpp"

#include <cassert>
#include <utility>

#include "objectives/regression.hpp"
#include "objectives/segment.hpp"
#include "objectives/semantic.hpp"

namespace gbrs {
namespace {

std::unique_ptr<Objective> regression(RegressionOptions options, const MethodOptions& method, double lambda,
                                      std::optional<Start> start) {
  options.lambda = lambda;
  options.push = method.push;
  options.has_push_scale = method.has_push_scale;
  return std::make_unique<RegressionObjective>(options, std::move(start));
}

}  // namespace

std::unique_ptr<Objective> task_objective(Task task, const MethodOptions& method, std::optional<double> model_lambda,
                                          std::optional<Start> start) {
  const auto lambda = [&](double of_task) { return method.consistency.value_or(model_lambda.value_or(of_task)); };
  switch (task) {
    case Task::segment: {
      SegmentOptions options{.stop = method.stop};
      options.lambda = lambda(options.lambda);
      return std::make_unique<SegmentObjective>(options);
    }
    case Task::semantic: {
      SemanticOptions options{.norm = method.cross_entropy_norm};
      options.consistency_to = method.consistency_to.value_or(options.consistency_to);
      options.attention = method.attention.value_or(options.attention);
      options.lambda_click = lambda(options.lambda_click);
      options.lambda_stroke = method.consistency.value_or(options.lambda_stroke);
      return std::make_unique<SemanticObjective>(options);
    }
    case Task::matte:
      return regression(RegressionOptions::matte(), method, lambda(RegressionOptions::matte().lambda), std::move(start));
    case Task::depth:
      return regression(RegressionOptions::depth(), method, lambda(RegressionOptions::depth().lambda), std::move(start));
  }
  assert(false && "no such task");
  return nullptr;
}

}  // namespace gbrs
