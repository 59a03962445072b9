// SPDX-License-Identifier: Apache-2.0
#include "evaluation/report_parts.hpp"

#include <charconv>
#include <format>

namespace gbrs {

using Json = nlohmann::ordered_json;

nlohmann::ordered_json radius_json(const std::string& text) {
  double pixels = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), pixels);
  return problem == std::errc{} && end == text.data() + text.size() ? Json(pixels) : Json(text);
}

void add_run(nlohmann::ordered_json& json, const RunDescription& run, const RunCosts& costs) {
  auto files = Json::array();
  for (const Skipped& one : run.skipped) files.push_back({{"name", one.name}, {"reason", one.reason}});
  json.update({{"clicks_given", costs.clicks},
               {"unsatisfied_clicks", costs.unsatisfied},
               {"notices", costs.notices},
               {"spc_median_s", costs.spc_median},
               {"spc_p95_s", costs.spc_p95},
               {"encode_median_s", costs.encode_median},
               {"jobs", run.jobs},
               {"settings", Json::parse(run.settings)},
               {"skipped", {{"count", run.skipped.size()}, {"files", std::move(files)}}}});
}

std::string skipped_section(const std::vector<Skipped>& skipped) {
  if (skipped.empty()) return "";
  std::string text = std::format("\n## Left out: {}\n\n", skipped.size());
  for (const Skipped& one : skipped) text += std::format("* {}: {}\n", one.name, one.reason);
  return text;
}

}  // namespace gbrs
