// SPDX-License-Identifier: Apache-2.0
#include "session/path_clicks.hpp"

#include "session/corrections.hpp"

namespace gbrs {

PathClicks collect(const std::vector<StepRecord>& records) {
  PathClicks all;
  for (const auto& record : records) {
    all.first_of_step.push_back(all.clicks.size());
    all.clicks.insert(all.clicks.end(), record.step.clicks.begin(), record.step.clicks.end());
  }
  all.verdicts = contradictions(all.clicks);
  return all;
}

}  // namespace gbrs
