// SPDX-License-Identifier: Apache-2.0
#pragma once

// Parts that the reports of all tasks have: within the evaluation only.

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "evaluation/dataset.hpp"

namespace gbrs {

/// "paper", "auto", or the number that the text is.
nlohmann::ordered_json radius_json(const std::string& text);
nlohmann::ordered_json skipped_json(const std::vector<Skipped>& skipped);
std::string skipped_section(const std::vector<Skipped>& skipped);  ///< empty without any

}  // namespace gbrs
