// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "gbrs/answer.hpp"
#include "session/history.hpp"

namespace gbrs {

/// All clicks of some steps with what is to be known of each.
struct PathClicks {
  std::vector<Click> clicks;
  std::vector<ClickVerdict> verdicts;  ///< as contradictions() gives them
  std::vector<std::size_t> first_of_step;
};

PathClicks collect(const std::vector<StepRecord>& records);

}  // namespace gbrs
