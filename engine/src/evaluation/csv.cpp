// SPDX-License-Identifier: Apache-2.0
#include "evaluation/csv.hpp"

#include <utility>

namespace gbrs {

std::string csv_field(const std::string& field) {
  if (field.find_first_of(",\"\r\n") == std::string::npos) return field;
  std::string text = "\"";
  for (const char c : field) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + '"';
}

std::optional<CsvRecord> next_csv_record(std::string_view csv, std::size_t& at) {
  CsvRecord fields(1);
  bool is_quoted = false;
  for (; at < csv.size(); ++at) {
    const char c = csv[at];
    if (c == '"') {
      const bool is_doubled = is_quoted && at + 1 < csv.size() && csv[at + 1] == '"';
      if (is_doubled) fields.back() += csv[at++];
      if (!is_doubled) is_quoted = !is_quoted;
    } else if (is_quoted || (c != ',' && c != '\n' && c != '\r')) {
      fields.back() += c;
    } else if (c == ',') {
      fields.emplace_back();
    } else if (c == '\n') {
      ++at;
      break;
    }
  }
  return is_quoted ? std::nullopt : std::optional(std::move(fields));
}

std::vector<CsvRecord> csv_records(std::string_view csv) {
  std::vector<CsvRecord> records;
  for (std::size_t at = 0; at < csv.size();) {
    auto record = next_csv_record(csv, at);
    if (!record) return {};
    records.push_back(std::move(*record));
  }
  return records;
}

}  // namespace gbrs
