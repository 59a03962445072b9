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

nlohmann::ordered_json skipped_json(const std::vector<Skipped>& skipped) {
  auto files = Json::array();
  for (const Skipped& one : skipped) files.push_back({{"name", one.name}, {"reason", one.reason}});
  return {{"count", skipped.size()}, {"files", std::move(files)}};
}

std::string skipped_section(const std::vector<Skipped>& skipped) {
  if (skipped.empty()) return "";
  std::string text = std::format("\n## Left out: {}\n\n", skipped.size());
  for (const Skipped& one : skipped) text += std::format("* {}: {}\n", one.name, one.reason);
  return text;
}

}  // namespace gbrs
