// SPDX-License-Identifier: Apache-2.0
#include "evaluation/bootstrap.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "evaluation/metrics.hpp"
#include "evaluation/random.hpp"

namespace gbrs {

double median_of(std::vector<double>& sample) {
  const auto middle = sample.begin() + static_cast<std::ptrdiff_t>(sample.size() / 2);
  std::ranges::nth_element(sample, middle);
  if (sample.size() % 2 == 1) return *middle;
  return (*std::max_element(sample.begin(), middle) + *middle) / 2;
}

std::vector<std::optional<Interval>> bootstrap(std::size_t count, const FiguresOf& figures, int resamples) {
  assert(count > 0);
  std::vector<std::size_t> drawn(count);
  std::iota(drawn.begin(), drawn.end(), std::size_t{0});
  const std::vector<double> own = figures(drawn);
  std::vector<std::vector<double>> resampled(own.size());
  std::mt19937_64 engine(20);  // any number, always the same
  for (int i = 0; i < resamples; ++i) {
    for (std::size_t& one : drawn) one = static_cast<std::size_t>(uniform(engine) * static_cast<double>(count));
    const std::vector<double> values = figures(drawn);
    for (std::size_t figure = 0; figure < own.size(); ++figure)
      if (std::isfinite(values[figure])) resampled[figure].push_back(values[figure]);
  }
  std::vector<std::optional<Interval>> intervals(own.size());
  for (std::size_t figure = 0; figure < own.size(); ++figure)
    if (std::isfinite(own[figure]))
      intervals[figure] = {
          .value = own[figure], .low = quantile(resampled[figure], 0.025), .high = quantile(resampled[figure], 0.975)};
  return intervals;
}

}  // namespace gbrs
