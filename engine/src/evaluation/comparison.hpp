// SPDX-License-Identifier: Apache-2.0
#pragma once

// Runs side by side: figures with bootstrap intervals over objects (or images), and the paired difference to the first
// run.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "evaluation/bootstrap.hpp"

namespace gbrs {

/// A run, and how its figures follow from any choice of its objects.
struct ComparedRun {
  std::string name;
  std::size_t clicks = 0;            ///< N
  std::vector<std::string> objects;  ///< at least one
  FiguresOf figures;                 ///< one for each name in Comparison::tables, in their order; NaN: it has none
};

/// Names of figures, in tables for people. Those of a table: after some numbers of clicks, and what sums them up.
using FigureTables = std::vector<std::vector<std::string>>;

struct ComparedFigures {
  std::string name;
  std::size_t objects = 0;
  std::size_t clicks = 0;
  std::size_t common = 0;  ///< objects that the first run has, too
  /// In the order of the tables; nothing where the run has fewer clicks.
  std::vector<std::optional<Interval>> figures;
  /// This run minus the first over the common objects; nothing for the first run.
  std::vector<std::optional<Interval>> differences;
};

struct Comparison {
  std::string unit;  ///< what is counted: "objects" or "images"
  FigureTables tables;
  std::vector<ComparedFigures> runs;
};

/// Compares `runs`, at least one, all with the figures of `tables`.
Comparison compare_runs(std::span<const ComparedRun> runs, FigureTables tables, std::string unit,
                        int resamples = kResamples);

/// Tables for people: a line for each figure, two columns for each run.
std::string comparison_text(const Comparison& comparison);
std::string comparison_json(const Comparison& comparison);

}  // namespace gbrs
