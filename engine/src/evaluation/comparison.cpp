// SPDX-License-Identifier: Apache-2.0
#include "evaluation/comparison.hpp"

#include <algorithm>
#include <format>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

namespace gbrs {
namespace {

/// What the first run has of the common objects, and this one, by their numbers there.
struct Pairs {
  std::vector<std::size_t> first;
  std::vector<std::size_t> own;
};

Pairs common_objects(const ComparedRun& first, const ComparedRun& run) {
  std::map<std::string_view, std::size_t> numbers;
  for (std::size_t i = 0; i < first.objects.size(); ++i) numbers[first.objects[i]] = i;
  Pairs pairs;
  for (std::size_t i = 0; i < run.objects.size(); ++i) {
    const auto found = numbers.find(run.objects[i]);
    if (found == numbers.end()) continue;
    pairs.first.push_back(found->second);
    pairs.own.push_back(i);
  }
  return pairs;
}

std::vector<double> figures_of_some(const ComparedRun& run, std::span<const std::size_t> drawn,
                                    const std::vector<std::size_t>& numbers) {
  std::vector<std::size_t> chosen(drawn.size());
  std::ranges::transform(drawn, chosen.begin(), [&](std::size_t one) { return numbers[one]; });
  return run.figures(chosen);
}

ComparedFigures figures_of(const ComparedRun& run, const ComparedRun& first, int resamples) {
  const Pairs pairs = common_objects(first, run);
  ComparedFigures result{.name = run.name,
                         .objects = run.objects.size(),
                         .clicks = run.clicks,
                         .common = pairs.own.size(),
                         .figures = bootstrap(run.objects.size(), run.figures, resamples),
                         .differences = {}};
  result.differences.resize(result.figures.size());
  if (&run == &first || pairs.own.empty()) return result;
  const auto differences = [&](std::span<const std::size_t> drawn) {
    std::vector<double> values = figures_of_some(run, drawn, pairs.own);
    std::ranges::transform(values, figures_of_some(first, drawn, pairs.first), values.begin(), std::minus{});
    return values;
  };
  result.differences = bootstrap(pairs.own.size(), differences, resamples);
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
std::string remarks(const Comparison& comparison) {
  std::string text;
  const ComparedFigures& first = comparison.runs.front();
  for (const ComparedFigures& run : std::span(comparison.runs).subspan(1)) {
    if (run.common < run.objects || run.common < first.objects)
      text += std::format("{}: has {} {} in common with {}; differences are over these.\n", run.name, run.common,
                          comparison.unit, first.name);
    if (run.clicks != first.clicks)
      text += std::format("{}: {} clicks instead of {}; what sums up all clicks is over that many.\n", run.name,
                          run.clicks, first.clicks);
  }
  return text;
}

Table heading(const Comparison& comparison) {
  Table table{{""}, {comparison.unit}};
  const ComparedFigures& first = comparison.runs.front();
  for (const ComparedFigures& run : comparison.runs) {
    table[0].push_back(run.name);
    table[1].push_back(std::to_string(run.objects));
    if (&run == &first) continue;
    table[0].push_back("minus " + first.name);
    table[1].push_back(std::to_string(run.common));
  }
  return table;
}

nlohmann::ordered_json to_json(const std::optional<Interval>& interval) {
  if (!interval) return nullptr;
  return {{"value", interval->value}, {"low", interval->low}, {"high", interval->high}};
}

}  // namespace

Comparison compare_runs(std::span<const ComparedRun> runs, FigureTables tables, std::string unit, int resamples) {
  Comparison comparison{.unit = std::move(unit), .tables = std::move(tables), .runs = {}};
  for (const ComparedRun& run : runs) comparison.runs.push_back(figures_of(run, runs.front(), resamples));
  return comparison;
}

std::string comparison_text(const Comparison& comparison) {
  std::string text;
  std::size_t figure = 0;
  for (const auto& names : comparison.tables) {
    Table table = heading(comparison);
    for (const std::string& name : names) {
      auto& line = table.emplace_back(std::vector<std::string>{name});
      for (const ComparedFigures& run : comparison.runs) {
        line.push_back(cell(run.figures[figure], false));
        if (&run != &comparison.runs.front()) line.push_back(cell(run.differences[figure], true));
      }
      ++figure;
    }
    text += aligned(table) + '\n';
  }
  text.pop_back();  // no empty line after the last
  return text + remarks(comparison);
}

std::string comparison_json(const Comparison& comparison) {
  auto json = nlohmann::ordered_json::array();
  for (const ComparedFigures& run : comparison.runs) {
    nlohmann::ordered_json entry{{"name", run.name},
                                 {comparison.unit, run.objects},
                                 {"clicks", run.clicks},
                                 {"common_" + comparison.unit, run.common}};
    std::size_t figure = 0;
    for (const auto& names : comparison.tables)
      for (const std::string& name : names) {
        entry["figures"][name] = to_json(run.figures[figure]);
        entry["differences"][name] = to_json(run.differences[figure]);
        ++figure;
      }
    json.push_back(std::move(entry));
  }
  return nlohmann::ordered_json{{"runs", std::move(json)}}.dump(2, ' ', false,
                                                                nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace gbrs
