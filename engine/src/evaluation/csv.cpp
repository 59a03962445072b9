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

std::vector<std::vector<std::string>> csv_records(std::string_view csv) {
  std::vector<std::vector<std::string>> records;
  std::vector<std::string> record(1);
  bool is_quoted = false;
  for (std::size_t i = 0; i < csv.size(); ++i) {
    const char c = csv[i];
    if (c == '"') {
      if (is_quoted && i + 1 < csv.size() && csv[i + 1] == '"')
        record.back() += csv[i++];
      else
        is_quoted = !is_quoted;
    } else if (c == ',' && !is_quoted) {
      record.emplace_back();
    } else if (c == '\n' && !is_quoted) {
      records.push_back(std::move(record));
      record.assign(1, {});
    } else if (c != '\r' || is_quoted) {
      record.back() += c;
    }
  }
  if (record.size() > 1 || !record.front().empty()) records.push_back(std::move(record));
  return records;
}

}  // namespace gbrs
