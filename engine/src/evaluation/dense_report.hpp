// SPDX-License-Identifier: Apache-2.0
#pragma once

// summary.json, per_image.csv and report.md of a run over images.

#include <span>
#include <string>

#include "evaluation/dense_figures.hpp"
#include "evaluation/report.hpp"

namespace gbrs {

/// What a run over images is, apart from its results.
struct DenseDescription : RunDescription {
  std::string task;
  std::string metric;  ///< the main one
  std::string mode;    ///< of the clicks
};

std::string summary_json(const DenseDescription& run, const DenseFigures& figures);
std::string report_markdown(const DenseDescription& run, const DenseFigures& figures);
/// "image,METRIC_0,...,METRIC_N,spc_median_s", a line for each image.
std::string per_image_csv(std::span<const DenseResult> results, const std::string& metric);

}  // namespace gbrs
