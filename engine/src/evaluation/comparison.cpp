// SPDX-License-Identifier: Apache-2.0
#include "evaluation/comparison.hpp"

#include <algorithm>
#include <format>
#include <map>
#include <nlohmann/json.hpp>

namespace gbrs {
namespace {

constexpr std::array<std::size_t, kComparedMetrics.size()> kClickOfMetric{0, 0, 1, 3, 5, 10, 20, 0};  // 0: no IoU
constexpr std::size_t kSpc = kComparedMetrics.size() - 1;

std::optional<double> value_of(const ObjectRow& row, std::size_t metric) {
  if (metric == 0) return row.noc85;
  if (metric == 1) return row.noc90;
  if (metric == kSpc) return row.spc_median;
  const std::size_t click = kClickOfMetric[metric];
  return click <= row.ious.size() ? std::optional(row.ious[click - 1]) : std::nullopt;
}

/// The interval of a metric of `values`; nothing if there are none.
std::optional<Interval> interval(const std::vector<double>& values, std::size_t metric) {
  if (values.empty()) return std::nullopt;
  return bootstrap(values, metric == kSpc ? median_of : mean_of);
}

using RowsByName = std::map<std::string, const ObjectRow*>;

RowsByName by_name(const ComparedRun& run) {
  RowsByName rows;
  for (const ObjectRow& row : run.rows) rows[row.object] = &row;
  return rows;
}

ComparedFigures figures_of(const ComparedRun& run, const RowsByName& first, bool is_first) {
  ComparedFigures result{.name = run.name,
                         .objects = run.rows.size(),
                         .clicks = run.rows.front().ious.size(),
                         .common = 0,
                         .figures = {},
                         .differences = {}};
  result.common = static_cast<std::size_t>(
      std::ranges::count_if(run.rows, [&](const ObjectRow& row) { return first.contains(row.object); }));
  for (std::size_t metric = 0; metric < kComparedMetrics.size(); ++metric) {
    std::vector<double> values;
    std::vector<double> differences;
    for (const ObjectRow& row : run.rows) {
      const auto value = value_of(row, metric);
      if (!value) continue;
      values.push_back(*value);
      const auto other = first.find(row.object);
      const auto before = other == first.end() ? std::nullopt : value_of(*other->second, metric);
      if (before && !is_first) differences.push_back(*value - *before);
    }
    result.figures[metric] = interval(values, metric);
    result.differences[metric] = interval(differences, metric);
  }
  return result;
}

std::string cell(const std::optional<Interval>& interval, bool is_difference) {
  if (!interval) return "-";
  return is_difference ? std::format("{:+.3f} [{:+.3f}, {:+.3f}]", interval->value, interval->low, interval->high)
                       : std::format("{:.3f} [{:.3f}, {:.3f}]", interval->value, interval->low, interval->high);
}

using Table = std::vector<std::vector<std::string>>;

std::string aligned(const Table& table) {
  std::vector<std::size_t> widths(table.front().size());
  for (const auto& line : table)
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  std::string text;
  for (const auto& line : table) {
    std::string row;
    for (std::size_t i = 0; i < line.size(); ++i) row += std::format("{:<{}}  ", line[i], widths[i]);
    text += row.substr(0, row.find_last_not_of(' ') + 1) + '\n';
  }
  return text;
}

/// What a reader has to know before comparing.
std::string remarks(std::span<const ComparedFigures> runs) {
  std::string text;
  for (const ComparedFigures& run : runs.subspan(1)) {
    if (run.common < run.objects || run.common < runs[0].objects)
      text += std::format("{}: has {} objects in common with {}; differences are over these.\n", run.name, run.common,
                          runs[0].name);
    if (run.clicks != runs[0].clicks)
      text += std::format("{}: {} clicks instead of {}; NoC counts at most that many.\n", run.name, run.clicks,
                          runs[0].clicks);
  }
  return text;
}

nlohmann::ordered_json to_json(const std::optional<Interval>& interval) {
  if (!interval) return nullptr;
  return {{"value", interval->value}, {"low", interval->low}, {"high", interval->high}};
}

}  // namespace

std::vector<ComparedFigures> compare_runs(std::span<const ComparedRun> runs) {
  const RowsByName first = by_name(runs.front());
  std::vector<ComparedFigures> result;
  for (const ComparedRun& run : runs) result.push_back(figures_of(run, first, &run == &runs.front()));
  return result;
}

std::string comparison_text(std::span<const ComparedFigures> runs) {
  Table table{{""}, {"objects"}};
  for (const ComparedFigures& run : runs) {
    const bool is_first = &run == runs.data();
    table[0].push_back(run.name);
    table[1].push_back(std::to_string(run.objects));
    if (is_first) continue;
    table[0].push_back("minus " + runs[0].name);
    table[1].push_back(std::to_string(run.common));
  }
  for (std::size_t metric = 0; metric < kComparedMetrics.size(); ++metric) {
    auto& line = table.emplace_back(std::vector<std::string>{kComparedMetrics[metric]});
    for (const ComparedFigures& run : runs) {
      line.push_back(cell(run.figures[metric], false));
      if (&run != runs.data()) line.push_back(cell(run.differences[metric], true));
    }
  }
  return aligned(table) + remarks(runs);
}

std::string comparison_json(std::span<const ComparedFigures> runs) {
  auto json = nlohmann::ordered_json::array();
  for (const ComparedFigures& run : runs) {
    nlohmann::ordered_json entry{
        {"name", run.name}, {"objects", run.objects}, {"clicks", run.clicks}, {"common_objects", run.common}};
    for (std::size_t metric = 0; metric < kComparedMetrics.size(); ++metric) {
      entry["figures"][kComparedMetrics[metric]] = to_json(run.figures[metric]);
      entry["differences"][kComparedMetrics[metric]] = to_json(run.differences[metric]);
    }
    json.push_back(std::move(entry));
  }
  return nlohmann::ordered_json{{"runs", std::move(json)}}.dump(2);
}

}  // namespace gbrs
