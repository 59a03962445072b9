// SPDX-License-Identifier: Apache-2.0
#pragma once

// A step's clicks from the frame's pixels to the answer's grid: places, radii that nobody gave, targets that are
// "the same as there", strokes painted.

#include <optional>
#include <vector>

#include "gbrs/task.hpp"
#include "objectives/objective.hpp"
#include "objectives/start.hpp"
#include "refine/backend.hpp"

namespace gbrs {

/// What the clicks of a step are placed on.
struct StepGround {
  Task task = Task::segment;
  FrameSize frame;
  Tensor first;   ///< the step's first answer [1,C,H,W]
  Tensor before;  ///< the previous step's, any grid with the frame's corners; undefined: none
  std::optional<Start> start = std::nullopt;
};

struct GridClicks {
  ClickList list;
  std::vector<double> radii;                   ///< of the step's own clicks, strokes included, frame pixels
  std::vector<std::optional<GridClick>> each;  ///< of StepInput::clicks; none: a stroke
};

/// The class that `answer` [1,C,H,W] has at a place of the frame.
[[nodiscard]] std::int64_t class_at(const Tensor& answer, const FramePlace& place, const FrameSize& frame);

/// Throws std::invalid_argument where a click makes no sense, whatever the network answered.
void check_clicks(const StepInput& input, Task task, const FrameSize& frame);

/// Throws std::invalid_argument for a class that the answer has not.
[[nodiscard]] GridClicks to_grid(const StepInput& input, const StepGround& ground);

}  // namespace gbrs
