// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a session says about its steps, as results keep it.

#include <cstddef>
#include <vector>

#include "gbrs/answer.hpp"

namespace gbrs {

struct SessionReport {
  std::vector<double> radii;           ///< of each click, image pixels
  std::vector<double> encode_seconds;  ///< of each encoding
  std::size_t unsatisfied = 0;
  std::size_t notices = 0;
};

inline SessionReport session_report(const Answer& answer) {
  SessionReport report;
  report.unsatisfied = answer.unsatisfied();
  for (const ClickVerdict& verdict : answer.verdicts()) report.radii.push_back(verdict.radius);
  for (const StepReport& step : answer.steps()) {
    if (step.encode_ms > 0) report.encode_seconds.push_back(step.encode_ms / 1e3);
    report.notices += step.notice.empty() ? 0 : 1;
  }
  return report;
}

}  // namespace gbrs
