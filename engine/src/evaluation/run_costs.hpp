// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a run's clicks cost, whatever they were on.

#include <cstddef>
#include <span>
#include <vector>

#include "evaluation/metrics.hpp"

namespace gbrs {

struct RunCosts {
  std::size_t clicks = 0;       ///< given, over all results
  std::size_t unsatisfied = 0;  ///< that the last answers do not satisfy
  std::size_t notices = 0;
  double spc_median = 0;  ///< seconds per click over all clicks
  double spc_p95 = 0;
  double encode_median = 0;  ///< seconds, over all encodings
};

/// Of ObjectResult or DenseResult.
template <class Result>
RunCosts costs_of(std::span<const Result> results) {
  RunCosts costs;
  std::vector<double> seconds;
  std::vector<double> encoding;
  for (const Result& result : results) {
    seconds.insert(seconds.end(), result.seconds.begin(), result.seconds.end());
    encoding.insert(encoding.end(), result.encode_seconds.begin(), result.encode_seconds.end());
    costs.unsatisfied += result.unsatisfied;
    costs.notices += result.notices;
  }
  constexpr double kMedian = 0.5;
  constexpr double kMost = 0.95;
  costs.clicks = seconds.size();
  costs.spc_median = quantile(seconds, kMedian);
  costs.spc_p95 = quantile(seconds, kMost);
  costs.encode_median = quantile(encoding, kMedian);
  return costs;
}

}  // namespace gbrs
