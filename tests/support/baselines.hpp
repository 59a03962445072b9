// SPDX-License-Identifier: Apache-2.0
#pragma once

// Recorded runs of BRS and f-BRS. $GBRS_FIXTURES names the folder that holds them; without it the selection in
// tests/data/baselines is used.

#include <filesystem>
#include <vector>

#include "networks/network.hpp"
#include "support/parity.hpp"

namespace gbrs::test {

inline std::filesystem::path baseline_data(const std::string& name) {
  if (!is_selection()) {
    const auto given = std::filesystem::path(std::getenv("GBRS_FIXTURES")) / name;
    if (std::filesystem::exists(given)) return given;
  }
  return test_data() / "baselines" / name;
}

/// [{"row": r, "col": c, "positive": true}, …]
inline std::vector<PromptClick> recorded_clicks(const nlohmann::json& list) {
  std::vector<PromptClick> clicks;
  for (const auto& click : list)
    clicks.push_back({.u = click.at("col"), .v = click.at("row"), .target = click.at("positive") ? 1.0 : -1.0});
  return clicks;
}

}  // namespace gbrs::test
