// SPDX-License-Identifier: Apache-2.0
#include "evaluation/bootstrap.hpp"

#include <algorithm>
#include <cassert>

#include "evaluation/metrics.hpp"
#include "evaluation/random.hpp"

namespace gbrs {

double mean_of(std::vector<double>& sample) { return mean(sample); }

double median_of(std::vector<double>& sample) {
  const auto middle = sample.begin() + static_cast<std::ptrdiff_t>(sample.size() / 2);
  std::ranges::nth_element(sample, middle);
  if (sample.size() % 2 == 1) return *middle;
  return (*std::max_element(sample.begin(), middle) + *middle) / 2;
}

Interval bootstrap(std::span<const double> sample, const Statistic& statistic, int resamples) {
  assert(!sample.empty());
  std::mt19937_64 engine(20);  // any number, always the same
  std::vector<double> values(static_cast<std::size_t>(resamples));
  std::vector<double> drawn(sample.size());
  for (double& value : values) {
    for (double& one : drawn)
      one = sample[static_cast<std::size_t>(uniform(engine) * static_cast<double>(sample.size()))];
    value = statistic(drawn);
  }
  drawn.assign(sample.begin(), sample.end());
  return {.value = statistic(drawn), .low = quantile(values, 0.025), .high = quantile(values, 0.975)};
}

}  // namespace gbrs
