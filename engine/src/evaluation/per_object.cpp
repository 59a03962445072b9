// SPDX-License-Identifier: Apache-2.0
#include "evaluation/per_object.hpp"

#include <charconv>
#include <format>
#include <optional>

#include "evaluation/csv.hpp"
#include "evaluation/metrics.hpp"

namespace gbrs {
namespace {

using Record = std::vector<std::string>;

std::optional<double> number(const std::string& text) {
  double value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  return problem == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

Record header(std::size_t clicks) {
  Record names{"object", "noc85", "noc90"};
  for (std::size_t i = 1; i <= clicks; ++i) names.push_back(std::format("iou_{}", i));
  names.emplace_back("spc_median_s");
  return names;
}

std::optional<ObjectRow> row_of(const Record& record) {
  ObjectRow row;
  row.object = record.front();
  std::vector<double> numbers;
  for (std::size_t i = 1; i < record.size(); ++i) {
    const auto value = number(record[i]);
    if (!value) return std::nullopt;
    numbers.push_back(*value);
  }
  row.noc85 = numbers[0];
  row.noc90 = numbers[1];
  row.ious.assign(numbers.begin() + 2, numbers.end() - 1);
  row.spc_median = numbers.back();
  return row;
}

}  // namespace

std::vector<ObjectRow> object_rows(std::span<const ObjectResult> results) {
  std::vector<ObjectRow> rows;
  for (const ObjectResult& result : results) {
    const int limit = static_cast<int>(result.ious.size());
    rows.push_back({.object = result.object,
                    .noc85 = static_cast<double>(number_of_clicks(result.ious, 0.85, limit)),
                    .noc90 = static_cast<double>(number_of_clicks(result.ious, 0.90, limit)),
                    .ious = result.ious,
                    .spc_median = quantile(result.seconds, 0.5)});
  }
  return rows;
}

std::string format_rows(std::span<const ObjectRow> rows) {
  std::string text;
  for (const auto& name : header(rows.empty() ? 0 : rows.front().ious.size())) text += (text.empty() ? "" : ",") + name;
  text += '\n';
  for (const ObjectRow& row : rows) {
    text += std::format("{},{},{}", csv_field(row.object), row.noc85, row.noc90);
    for (const double iou : row.ious) text += std::format(",{}", iou);
    text += std::format(",{}\n", row.spc_median);
  }
  return text;
}

Expected<std::vector<ObjectRow>> parse_rows(std::string_view csv) {
  const auto records = csv_records(csv);
  const auto damaged = [](const std::string& detail) {
    return failure(ErrorCode::damaged, "The table of objects cannot be read.", detail);
  };
  if (records.size() < 2 || records.front().size() < 5 || records.front() != header(records.front().size() - 4))
    return damaged("header or lines are missing");
  std::vector<ObjectRow> rows;
  for (std::size_t i = 1; i < records.size(); ++i) {
    const auto row = records[i].size() == records.front().size() ? row_of(records[i]) : std::nullopt;
    if (!row) return damaged(std::format("line {}", i + 1));
    rows.push_back(*row);
  }
  return rows;
}

}  // namespace gbrs
