// SPDX-License-Identifier: Apache-2.0
#pragma once

// Parts that the reports of all tasks have: within the evaluation only.

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "evaluation/report.hpp"
#include "evaluation/run_costs.hpp"

namespace gbrs {

/// "paper", "auto", or the number that the text is.
nlohmann::ordered_json radius_json(const std::string& text);
/// What a run cost, how it was made, and what it left out.
void add_run(nlohmann::ordered_json& json, const RunDescription& run, const RunCosts& costs);
std::string skipped_section(const std::vector<Skipped>& skipped);  ///< empty without any

}  // namespace gbrs
