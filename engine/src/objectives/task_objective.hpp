// SPDX-License-Identifier: Apache-2.0
#pragma once

// The objective of a task, with the paper's weights unless the options set others.

#include <memory>
#include <optional>

#include "gbrs/method.hpp"
#include "gbrs/task.hpp"
#include "objectives/objective.hpp"
#include "objectives/start.hpp"

namespace gbrs {

/// `model_lambda`: the weight of L_c that a model wants after clicks instead of the paper's; strokes keep theirs, and what
/// the method sets goes before both. `start`: for matte and depth, a map to go on from.
[[nodiscard]] std::unique_ptr<Objective> task_objective(Task task, const MethodOptions& method,
                                                        std::optional<double> model_lambda = std::nullopt,
                                                        std::optional<Start> start = std::nullopt);

}  // namespace gbrs
