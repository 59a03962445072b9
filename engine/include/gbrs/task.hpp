// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a network predicts for every pixel. One task has one name everywhere: commands, manifests, models.

#include <string_view>

#include "gbrs/error.hpp"
#include "gbrs/export.hpp"

namespace gbrs {

enum class Task {
  segment,   ///< one object: logits, threshold 0
  semantic,  ///< which of C classes: C logits
  matte,     ///< how much of the pixel is the object: 0..1
  depth,     ///< how far away it is: metres, or a value without unit
};

/// "segment", "semantic", "matte", "depth". Errors: invalid_argument (names those that are known).
GBRS_API Expected<Task> parse_task(std::string_view name);
GBRS_API std::string_view task_name(Task task);

}  // namespace gbrs
