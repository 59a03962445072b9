// SPDX-License-Identifier: Apache-2.0
#pragma once

// Confidence intervals by resampling objects (percentile bootstrap).

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace gbrs {

struct Interval {
  double value = 0;  ///< of the sample itself
  double low = 0;
  double high = 0;
  bool operator==(const Interval&) const = default;
};

/// Figures of the objects whose numbers it is given, each counting as often as it is named. Always as many figures; one
/// that is not finite does not exist.
using FiguresOf = std::function<std::vector<double>(std::span<const std::size_t> drawn)>;

inline constexpr int kResamples = 10000;

/// `figures` of the objects 0..count-1 (at least one) and their 2.5 % and 97.5 % quantiles over `resamples` samples
/// drawn with replacement; the same numbers on every machine. For a paired difference give figures that are
/// differences. None for a figure that the objects do not have.
std::vector<std::optional<Interval>> bootstrap(std::size_t count, const FiguresOf& figures, int resamples = kResamples);

/// May reorder its argument, which has at least one value.
double median_of(std::vector<double>& sample);

}  // namespace gbrs
