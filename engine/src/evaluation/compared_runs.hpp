// SPDX-License-Identifier: Apache-2.0
#pragma once

// What runs over objects and runs over images are compared by.

#include <span>
#include <string>
#include <vector>

#include "evaluation/comparison.hpp"
#include "evaluation/metrics.hpp"
#include "evaluation/per_image.hpp"
#include "evaluation/per_object.hpp"

namespace gbrs {

/// A run of a task for objects. `rows`: at least one, all with as many clicks.
struct ComparedObjects {
  std::string name;
  std::vector<ObjectRow> rows;
  AucRule rule = AucRule::trapezoid;
};

/// noc85, noc90; iou_1, iou_3, iou_5, iou_10, iou_20: means; auc, best: of the mean curve; spc_s: median over the
/// objects' median seconds per click.
Comparison compare_object_runs(std::span<const ComparedObjects> runs);

/// A run of a task for images. `rows`: at least one, all with the same metrics and as many clicks.
struct ComparedImages {
  std::string name;
  std::vector<ImageRow> rows;
  AucRule rule = AucRule::trapezoid;
};

/// A table for each of `metrics`, which all runs have: METRIC_K after K = 0, 1, 5, 10, 20 and the last clicks;
/// METRIC_auc and METRIC_best; METRIC_gain, by which share the last answer is better than the one before the clicks.
/// Then spc_s: median over the images' median seconds per click. Metrics of classes are those of all pixels of the
/// images, so these are what is drawn again (1000 times only).
Comparison compare_image_runs(std::span<const ComparedImages> runs, std::span<const std::string> metrics);

}  // namespace gbrs
