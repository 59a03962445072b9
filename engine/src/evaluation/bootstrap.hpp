// SPDX-License-Identifier: Apache-2.0
#pragma once

// Confidence intervals by resampling objects (percentile bootstrap).

#include <functional>
#include <span>
#include <vector>

namespace gbrs {

struct Interval {
  double value = 0;  ///< of the sample itself
  double low = 0;
  double high = 0;
  bool operator==(const Interval&) const = default;
};

using Statistic = std::function<double(std::vector<double>&)>;  ///< may reorder its argument

double mean_of(std::vector<double>& sample);
double median_of(std::vector<double>& sample);

/// `statistic` of `sample` (at least one value) and the 2.5 % and 97.5 % quantiles of it over `resamples` samples
/// drawn with replacement; the same numbers on every machine. For a paired difference give the differences.
Interval bootstrap(std::span<const double> sample, const Statistic& statistic, int resamples = 10000);

}  // namespace gbrs
