// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <format>
#include <iostream>
#include <memory>

#include "eval_command.hpp"
#include "evaluation/comparison.hpp"
#include "evaluation/plot.hpp"
#include "whole_file.hpp"

namespace gbrs::cli {
namespace {

namespace fs = std::filesystem;

struct Arguments {
  std::vector<std::string> runs;
  bool is_json = false;
  std::string plot;
};

Expected<ComparedRun> read_run(const std::string& folder) {
  const fs::path path(folder);
  std::error_code error;
  if (!fs::is_directory(path, error))
    return failure(ErrorCode::not_found, std::format("There is no folder {}.", folder));
  if (!fs::exists(path / "summary.json", error))
    return failure(ErrorCode::not_found, std::format("The folder {} has no finished run of gbrs eval.", folder));
  const auto text = read_text((path / "per_object.csv").string());
  if (!text) return std::unexpected(text.error());
  auto rows = parse_rows(*text);
  if (!rows)
    return failure(ErrorCode::damaged, std::format("{} cannot be read.", (path / "per_object.csv").string()),
                   rows.error().detail);
  return ComparedRun{.name = folder, .rows = std::move(*rows)};
}

/// Mean IoU after 0 (nothing is selected), 1, 2, ... clicks.
PlotLine curve(const ComparedRun& run) {
  PlotLine line{.name = run.name, .values = {0}};
  for (std::size_t click = 0; click < run.rows.front().ious.size(); ++click) {
    double sum = 0;
    for (const ObjectRow& row : run.rows) sum += row.ious[click];
    line.values.push_back(sum / static_cast<double>(run.rows.size()));
  }
  return line;
}

Expected<void> compare(const Arguments& arguments) {
  std::vector<ComparedRun> runs;
  for (const auto& folder : arguments.runs) {
    auto run = read_run(folder);
    if (!run) return std::unexpected(run.error());
    runs.push_back(std::move(*run));
  }
  const auto figures = compare_runs(runs);
  std::cout << (arguments.is_json ? comparison_json(figures) + '\n' : comparison_text(figures));
  if (arguments.plot.empty()) return {};
  std::vector<PlotLine> lines;
  for (const ComparedRun& run : runs) lines.push_back(curve(run));
  return write_file("plot", arguments.plot, click_plot(lines));
}

}  // namespace

void add_eval_compare_command(CLI::App& eval, std::function<Expected<void>()>& run) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = eval.add_subcommand(
      "compare",
      "Print runs side by side, with 95 % bootstrap intervals over objects and differences to the first run");
  command->add_option("runs", arguments->runs, "folders that gbrs eval segment wrote")->required()->type_name("OUT");
  command->add_flag("--json", arguments->is_json, "print JSON");
  command->add_option("--plot", arguments->plot, "also draw mean IoU over clicks, as SVG")->type_name("FILE");
  command->callback([arguments, &run] { run = [arguments] { return compare(*arguments); }; });
}

void add_eval_command(CLI::App& app, std::function<Expected<void>()>& run) {
  CLI::App* eval = app.add_subcommand("eval", "Measure models by simulated clicks");
  eval->require_subcommand(1);
  add_eval_segment_command(*eval, run);
  add_eval_semantic_command(*eval, run);
  add_eval_depth_command(*eval, run);
  add_eval_matte_command(*eval, run);
  add_eval_sweep_command(*eval, run);
  add_eval_compare_command(*eval, run);
}

}  // namespace gbrs::cli
