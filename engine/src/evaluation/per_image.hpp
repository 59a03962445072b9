// SPDX-License-Identifier: Apache-2.0
#pragma once

// What figures over images are made of.

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evaluation/dense_result.hpp"
#include "evaluation/semantic_metrics.hpp"
#include "gbrs/error.hpp"

namespace gbrs {

struct ImageRow {
  std::string image;
  std::map<std::string, std::vector<double>> metrics;  ///< by name: after clicks 0..N
  std::vector<ClassTotals> totals;                     ///< semantic: after clicks 0..N; else empty
  double spc_median = 0;                               ///< median seconds of its clicks
};

ImageRow image_row(const DenseResult& result);

/// The rows of the images that a per_image.csv names, in its order, out of all that was `kept`. Errors: damaged (no
/// such table, an image without a row, rows with different metrics or numbers of clicks).
Expected<std::vector<ImageRow>> rows_of_table(std::string_view csv, std::map<std::string, ImageRow> kept);

/// All metrics after 0..N clicks of the rows with these numbers (at least one), each counting as often as it is named.
/// Those of classes (miou, pixel_accuracy, mean_class_accuracy, frequency_weighted_iou) are of all their pixels
/// together, image_miou and all metrics of depths and mattes are means over the rows.
std::map<std::string, std::vector<double>> metric_curves(std::span<const ImageRow> rows,
                                                         std::span<const std::size_t> drawn);
}  // namespace gbrs
