// SPDX-License-Identifier: Apache-2.0
#include "objectives/task_objective.hpp"

#include <cassert>
#include <utility>

#include "objectives/regression.hpp"
#include "objectives/segment.hpp"
#include "objectives/semantic.hpp"

namespace gbrs {
namespace {

std::unique_ptr<Objective> regression(RegressionOptions options, const MethodOptions& method,
                                      std::optional<Start> start) {
  options.lambda = method.consistency.value_or(options.lambda);
  options.push = method.push;
  options.has_push_scale = method.has_push_scale;
  return std::make_unique<RegressionObjective>(options, std::move(start));
}

}  // namespace

std::unique_ptr<Objective> task_objective(Task task, const MethodOptions& method, std::optional<Start> start) {
  switch (task) {
    case Task::segment: {
      SegmentOptions options{.stop = method.stop};
      options.lambda = method.consistency.value_or(options.lambda);
      return std::make_unique<SegmentObjective>(options);
    }
    case Task::semantic: {
      SemanticOptions options{.norm = method.cross_entropy_norm};
      options.lambda_click = method.consistency.value_or(options.lambda_click);
      options.lambda_stroke = method.consistency.value_or(options.lambda_stroke);
      return std::make_unique<SemanticObjective>(options);
    }
    case Task::matte:
      return regression(RegressionOptions::matte(), method, std::move(start));
    case Task::depth:
      return regression(RegressionOptions::depth(), method, std::move(start));
  }
  assert(false && "no such task");
  return nullptr;
}

}  // namespace gbrs
