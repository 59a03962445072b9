// SPDX-License-Identifier: Apache-2.0
#pragma once

// Runs side by side: means with bootstrap intervals over objects, and the paired difference to the first run.

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "evaluation/bootstrap.hpp"
#include "evaluation/per_object.hpp"

namespace gbrs {

struct ComparedRun {
  std::string name;
  std::vector<ObjectRow> rows;  ///< at least one
};

/// noc85, noc90, iou_1, iou_3, iou_5, iou_10, iou_20: means; spc_s: median over the objects' median seconds per click.
inline constexpr std::array kComparedMetrics{"noc85", "noc90", "iou_1", "iou_3", "iou_5", "iou_10", "iou_20", "spc_s"};

struct ComparedFigures {
  std::string name;
  std::size_t objects = 0;
  std::size_t clicks = 0;  ///< N
  std::size_t common = 0;  ///< objects that the first run has, too
  /// By kComparedMetrics; nothing where the run has fewer clicks.
  std::array<std::optional<Interval>, kComparedMetrics.size()> figures;
  /// This run minus the first over the common objects; nothing for the first run.
  std::array<std::optional<Interval>, kComparedMetrics.size()> differences;
};

std::vector<ComparedFigures> compare_runs(std::span<const ComparedRun> runs);

/// A table for people: a line for each metric, two columns for each run.
std::string comparison_text(std::span<const ComparedFigures> runs);
std::string comparison_json(std::span<const ComparedFigures> runs);

}  // namespace gbrs
