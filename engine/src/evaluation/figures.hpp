// SPDX-License-Identifier: Apache-2.0
#pragma once

// The figures of a run: means over its objects.

#include <cstddef>
#include <span>
#include <vector>

#include "evaluation/metrics.hpp"
#include "evaluation/object_result.hpp"
#include "evaluation/run_costs.hpp"

namespace gbrs {

/// Of a set of objects.
struct CurveFigures {
  std::size_t objects = 0;
  double noc85 = 0;  ///< mean number of clicks to an IoU of 0.85, N where it is not reached
  double noc90 = 0;
  std::size_t at_limit85 = 0;  ///< objects whose number of clicks is N, with or without success at the last click
  std::size_t at_limit90 = 0;
  std::vector<double> curve;  ///< mean IoU after 0..N clicks; before the first click nothing is selected: 0
  double initial = 0;         ///< mean IoU after the first click, which gives the first answer
  double final = 0;           ///< after the last
  double auc = 0;
  double best = 0;  ///< largest value of the mean curve (method.md, BEST)
};

struct RunFigures {
  CurveFigures all;
  CurveFigures bottom10;  ///< the worst tenth by IoU after the first click
  std::size_t images = 0;
  RunCosts costs;
};

/// `results`: at least one, each with the IoU after N >= 1 clicks.
CurveFigures curve_figures(std::span<const ObjectResult> results, AucRule rule);

/// The tenth (rounded down, at least one object) with the lowest IoU after the first click; of equal ones, those
/// whose names come first.
std::vector<ObjectResult> worst_tenth(std::span<const ObjectResult> results);

RunFigures run_figures(std::span<const ObjectResult> results, AucRule rule);

}  // namespace gbrs
