// SPDX-License-Identifier: Apache-2.0
#pragma once

// summary.json and report.md of a run.

#include <map>
#include <span>
#include <string>
#include <vector>

#include "evaluation/dataset.hpp"
#include "evaluation/figures.hpp"
#include "evaluation/object_result.hpp"

namespace gbrs {

/// What a run is, apart from its results.
struct RunDescription {
  std::string model;
  std::string layer;
  std::string radius;    ///< RadiusRule::text
  std::string settings;  ///< a JSON object
  std::string data;      ///< folder
  int jobs = 1;
  int clicks = 0;
  std::vector<Skipped> skipped;
};

std::string summary_json(const RunDescription& run, const RunFigures& figures);

/// The objects that a report shows: three best, three in the middle and three worst of all, by mean IoU over the
/// clicks; each object once.
struct ShownObjects {
  std::vector<const ObjectResult*> best;
  std::vector<const ObjectResult*> median;
  std::vector<const ObjectResult*> worst;
};
ShownObjects shown_objects(std::span<const ObjectResult> results);

/// `pictures`: by object name, the path of its picture relative to the report.
std::string report_markdown(const RunDescription& run, const RunFigures& figures, const ShownObjects& shown,
                            const std::map<std::string, std::string>& pictures);

}  // namespace gbrs
