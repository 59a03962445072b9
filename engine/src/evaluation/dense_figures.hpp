// SPDX-License-Identifier: Apache-2.0
#pragma once

// The figures of a run over images: curves of metrics.

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evaluation/dense_result.hpp"
#include "evaluation/metrics.hpp"
#include "evaluation/per_image.hpp"
#include "evaluation/run_costs.hpp"

namespace gbrs {

/// Of a set of images, by one metric.
struct DenseCurve {
  std::size_t images = 0;
  std::vector<double> curve;  ///< after 0..N clicks
  double initial = 0;         ///< the network's own answer
  double final = 0;           ///< after the last click
  double auc = 0;             ///< over clicks 0..N (method.md, AUC)
  double best = 0;            ///< best value of the curve (method.md, BEST)
};

struct DenseFigures {
  DenseCurve all;
  DenseCurve bottom10;                                ///< the worst tenth by the image's own metric before any click
  std::map<std::string, std::vector<double>> curves;  ///< the other metrics
  RunCosts costs;
};

/// Whether a metric is the better the smaller it is.
[[nodiscard]] bool is_error(std::string_view metric);

/// The figures of a curve of `metric`, but for the number of images.
DenseCurve curve_of(std::vector<double> values, const std::string& metric, AucRule rule);

/// The numbers of the tenth (rounded down, at least one image) with the worst `metric` before any click; of equal ones,
/// those whose names come first.
std::vector<std::size_t> worst_tenth(std::span<const ImageRow> rows, const std::string& metric);

/// `results`: at least one; `metric`: the main one.
DenseFigures dense_figures(std::span<const DenseResult> results, const std::string& metric, AucRule rule);

}  // namespace gbrs
