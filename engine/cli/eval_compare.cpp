// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <filesystem>
#include <format>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <ranges>

#include "eval_command.hpp"
#include "evaluation/compared_runs.hpp"
#include "evaluation/plot.hpp"
#include "evaluation/protocol.hpp"
#include "results_file.hpp"
#include "whole_file.hpp"

namespace gbrs::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

struct Arguments {
  std::vector<std::string> runs;
  std::string metric;
  bool is_json = false;
  std::string plot;
  bool is_worst_plotted = false;
};

/// A finished run, as its summary.json tells of it.
struct Run {
  std::string folder;
  std::string task;
  Json settings;
  std::string metric;                                 ///< the main one
  std::map<std::string, std::vector<double>> curves;  ///< by metric, after 0..N clicks
  std::vector<double> worst;                          ///< the main metric's curve for the worst tenth
  AucRule rule = AucRule::trapezoid;
};

std::unexpected<Error> unreadable(const fs::path& file, const std::string& detail) {
  return failure(ErrorCode::damaged, std::format("{} cannot be read.", file.string()), detail);
}

/// The rule that a run's own AUC is of.
AucRule auc_rule(const Json& settings) {
  Protocol protocol;
  for (const std::string& assignment : settings.value("set", std::vector<std::string>()))
    if (assignment.starts_with("auc=")) (void)protocol.set(assignment);  // it was checked when the run was made
  return protocol.auc;
}

Expected<Run> read_run(const std::string& folder) {
  const fs::path path(folder), file = path / "summary.json";
  std::error_code error;
  if (!fs::is_directory(path, error))
    return failure(ErrorCode::not_found, std::format("There is no folder {}.", folder));
  if (!fs::exists(file, error))
    return failure(ErrorCode::not_found, std::format("The folder {} has no finished run of gbrs eval.", folder));
  const auto text = read_text(file.string());
  if (!text) return std::unexpected(text.error());
  try {
    const Json summary = Json::parse(*text);
    Run run{.folder = folder,
            .task = summary.at("task"),
            .settings = summary.at("settings"),
            .metric = summary.value("metric", "iou"),
            .curves = summary.value("curves", std::map<std::string, std::vector<double>>()),
            .worst = summary.at("bottom10").at("curve"),
            .rule = auc_rule(summary.at("settings"))};
    run.curves[run.metric] = summary.at("curve").get<std::vector<double>>();
    return run;
  } catch (const Json::exception& problem) {
    return unreadable(file, problem.what());
  }
}

/// Runs are compared if they are of one task, and measured against the same.
Expected<void> check_alike(const Run& first, const Run& other) {
  if (other.task != first.task)
    return failure(ErrorCode::invalid_argument,
                   std::format("{} is a run of {} and {} one of {}: only runs of one task can be compared.",
                               first.folder, first.task, other.folder, other.task));
  for (const char* key :
       {"data", "dataset", "trimaps", "images", "masks", "object", "object_from", "ignore", "objects"}) {
    const Json one = first.settings.value(key, Json()), another = other.settings.value(key, Json());
    if (one != another)
      return failure(ErrorCode::invalid_argument,
                     std::format("{} and {} are not of the same data ({}: {} and {}): they cannot be compared.",
                                 first.folder, other.folder, key, one.dump(), another.dump()));
  }
  return {};
}

Expected<std::vector<ObjectRow>> read_objects(const std::string& folder) {
  const fs::path file = fs::path(folder) / "per_object.csv";
  const auto text = read_text(file.string());
  if (!text) return std::unexpected(text.error());
  auto rows = parse_rows(*text);
  if (!rows) return unreadable(file, rows.error().detail);
  return rows;
}

Expected<std::vector<ImageRow>> read_images(const std::string& folder) {
  const fs::path file = fs::path(folder) / "per_image.csv";
  const auto table = read_text(file.string());
  if (!table) return std::unexpected(table.error());
  std::map<std::string, ImageRow> kept;
  const auto take = [&](const std::string& line) {
    const auto result = parse_line<DenseResult>(line);
    if (result) kept[result->image] = image_row(*result);
    return result.has_value();
  };
  if (auto done = ProgressFile::read(folder, take); !done) return std::unexpected(done.error());
  auto rows = rows_of_table(*table, std::move(kept));
  if (!rows) return unreadable(file, rows.error().detail);
  return rows;
}

Expected<Comparison> compare_objects(const std::vector<Run>& runs) {
  std::vector<ComparedObjects> compared;
  for (const Run& run : runs) {
    auto rows = read_objects(run.folder);
    if (!rows) return std::unexpected(rows.error());
    compared.push_back({.name = run.folder, .rows = std::move(*rows), .rule = run.rule});
  }
  return compare_object_runs(compared);
}

/// The metrics that all runs have, the first one's own before the others.
std::vector<std::string> common_metrics(const std::vector<ComparedImages>& runs, const std::string& main) {
  std::vector<std::string> metrics{main};
  constexpr std::size_t any[] = {0};
  for (const auto& name : metric_curves(runs.front().rows, any) | std::views::keys)
    if (name != main) metrics.push_back(name);
  for (const ComparedImages& run : runs)
    std::erase_if(metrics, [known = metric_curves(run.rows, any)](const auto& name) { return !known.contains(name); });
  return metrics;
}

Expected<Comparison> compare_images(const std::vector<Run>& runs, const std::string& only) {
  std::vector<ComparedImages> compared;
  for (const Run& run : runs) {
    auto rows = read_images(run.folder);
    if (!rows) return std::unexpected(rows.error());
    compared.push_back({.name = run.folder, .rows = std::move(*rows), .rule = run.rule});
  }
  std::vector<std::string> metrics = common_metrics(compared, runs.front().metric);
  if (!only.empty()) std::erase_if(metrics, [&](const std::string& name) { return name != only; });
  return compare_image_runs(compared, metrics);
}

Expected<void> write_plot(const Arguments& arguments, const std::vector<Run>& runs, const std::string& metric) {
  std::vector<PlotLine> lines;
  for (const Run& run : runs)
    lines.push_back({.name = run.folder, .values = arguments.is_worst_plotted ? run.worst : run.curves.at(metric)});
  const std::string label = std::format("{}{}", metric == "iou" ? "mean IoU" : metric,
                                        arguments.is_worst_plotted ? " of the worst tenth" : "");
  return write_file("plot", arguments.plot, click_plot(lines, label));
}

Expected<void> compare(const Arguments& arguments) {
  std::vector<Run> runs;
  for (const auto& folder : arguments.runs) {
    auto run = read_run(folder);
    if (!run) return std::unexpected(run.error());
    runs.push_back(std::move(*run));
    if (auto checked = check_alike(runs.front(), runs.back()); !checked) return checked;
  }
  const std::string metric = arguments.metric.empty() ? runs.front().metric : arguments.metric;
  for (const Run& run : runs)
    if (!run.curves.contains(metric))
      return failure(ErrorCode::invalid_argument, std::format("{} has no metric \"{}\".", run.folder, metric));
  if (arguments.is_worst_plotted && metric != runs.front().metric)
    return failure(ErrorCode::invalid_argument,
                   std::format("The worst tenth has a curve of {} only.", runs.front().metric));
  const auto comparison =
      runs.front().task == "segment" ? compare_objects(runs) : compare_images(runs, arguments.metric);
  if (!comparison) return std::unexpected(comparison.error());
  std::cout << (arguments.is_json ? comparison_json(*comparison) + '\n' : comparison_text(*comparison));
  return arguments.plot.empty() ? Expected<void>() : write_plot(arguments, runs, metric);
}

}  // namespace

void add_eval_compare_command(CLI::App& eval, std::function<Expected<void>()>& run) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = eval.add_subcommand("compare",
                                          "Print runs of a task side by side, with 95 % bootstrap intervals over "
                                          "objects or images and differences to the first run");
  command->add_option("runs", arguments->runs, "folders that gbrs eval wrote, of one task and the same data")
      ->required()
      ->type_name("OUT");
  command->add_option("--metric", arguments->metric, "only this one, where a task has several")->type_name("NAME");
  command->add_flag("--json", arguments->is_json, "print JSON");
  CLI::Option* plot =
      command->add_option("--plot", arguments->plot, "also draw the metric over clicks, as SVG")->type_name("FILE");
  command->add_flag("--worst", arguments->is_worst_plotted, "draw it for the worst tenth")->needs(plot);
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
