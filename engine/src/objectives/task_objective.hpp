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

/// `start`: for matte and depth, a map to go on from.
[[nodiscard]] std::unique_ptr<Objective> task_objective(Task task, const MethodOptions& method,
                                                        std::optional<Start> start = std::nullopt);

}  // namespace gbrs
