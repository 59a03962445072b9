// SPDX-License-Identifier: Apache-2.0
// `gbrs eval sweep`: one run of `gbrs eval TASK` for each layer and learning rate, and the paper's table of them.

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <format>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "eval_command.hpp"
#include "gbrs/gbrs.hpp"
#include "whole_file.hpp"

namespace gbrs::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct Arguments {
  std::string task;
  std::string out;
  std::vector<std::string> layers{"sb", "bmsb", "bmsb-m", "bmconv"};
  int first = 0, last = 9;
  bool has_both = false;
  std::vector<std::string> passed_on;
};

/// A column of the table.
struct Setting {
  std::string layer;
  bool has_consistency = true;

  [[nodiscard]] std::string name() const { return layer + (has_consistency ? "" : "-without"); }
};

struct Outcome {
  std::optional<double> auc;  ///< none: not a number
  bool is_less_better = false;
};

/// The paper's grid.
double rate(int halvings) { return 0.1 / std::exp2(halvings); }

Expected<void> run_eval(const std::vector<std::string>& words) {
  CLI::App app("gbrs");
  std::function<Expected<void>()> run;
  add_eval_command(app, run);
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));  // as CLI11 wants them
  } catch (const CLI::ParseError& error) {
    return failure(ErrorCode::invalid_argument, error.what());
  }
  return run();
}

Expected<Outcome> read_outcome(const fs::path& folder) {
  const auto text = read_text((folder / "summary.json").string());
  if (!text) return std::unexpected(text.error());
  const Json summary = Json::parse(*text, nullptr, false);
  if (!summary.is_object() || !summary.contains("auc"))
    return failure(ErrorCode::damaged, std::format("{} has no \"auc\".", (folder / "summary.json").string()));
  Outcome outcome{.auc = std::nullopt, .is_less_better = summary.value("metric", "") == "mse"};
  if (const Json& auc = summary["auc"]; auc.is_number() && std::isfinite(auc.get<double>())) outcome.auc = auc;
  return outcome;
}

Expected<Outcome> run_one(const Arguments& arguments, const Setting& setting, int halvings) {
  const fs::path out = fs::path(arguments.out) / std::format("{}-{}", setting.name(), halvings);
  std::vector<std::string> words{"eval", arguments.task, "--layer", setting.layer, "--out", out.string(),
                                 "--set", std::format("rate={}", rate(halvings))};
  if (!setting.has_consistency) words.push_back("--no-consistency");
  words.insert(words.end(), arguments.passed_on.begin(), arguments.passed_on.end());
  std::cout << std::format("{}, rate 0.1 / 2^{}: ", setting.name(), halvings) << std::flush;
  if (auto done = run_eval(words); !done) return std::unexpected(done.error());
  return read_outcome(out);
}

class Table {
 public:
  Table(const Arguments& arguments, std::vector<Setting> settings)
      : arguments_(arguments), settings_(std::move(settings)), cells_(settings_.size()) {}

  void add(std::size_t column, const Outcome& outcome) {
    cells_[column].push_back(outcome.auc);
    is_less_better_ = outcome.is_less_better;
  }

  /// Halvings of the best rate; of equal ones the larger rate.
  [[nodiscard]] std::optional<int> best(std::size_t column) const {
    std::optional<std::size_t> best;
    const auto& cells = cells_[column];
    for (std::size_t row = 0; row < cells.size(); ++row) {
      if (!cells[row]) continue;
      const bool is_better = !best || (is_less_better_ ? *cells[row] < *cells[*best] : *cells[row] > *cells[*best]);
      if (is_better) best = row;
    }
    return best ? std::optional(arguments_.first + static_cast<int>(*best)) : std::nullopt;
  }

  [[nodiscard]] std::string markdown() const {
    std::string text = "| rate 0.1 / 2^k |", rule = "|---|";
    for (const Setting& setting : settings_) {
      text += std::format(" {}{} |", setting.layer, setting.has_consistency ? "" : ", without L_c");
      rule += "---|";
    }
    text += '\n' + rule + '\n';
    for (int k = arguments_.first; k <= arguments_.last; ++k) {
      text += std::format("| k = {} |", k);
      for (std::size_t column = 0; column < settings_.size(); ++column) {
        const auto& cell = cells_[column][static_cast<std::size_t>(k - arguments_.first)];
        const char* const mark = best(column) == k ? "**" : "";
        text += cell ? std::format(" {0}{1:.4f}{0} |", mark, *cell) : std::string(" - |");
      }
      text += '\n';
    }
    return text;
  }

  [[nodiscard]] Json json() const {
    Json columns = Json::array();
    for (std::size_t column = 0; column < settings_.size(); ++column) {
      Json aucs = Json::array();
      for (const auto& cell : cells_[column]) aucs.push_back(cell ? Json(*cell) : Json());
      const auto k = best(column);
      columns.push_back({{"layer", settings_[column].layer},
                         {"consistency", settings_[column].has_consistency},
                         {"auc", std::move(aucs)},
                         {"best_k", k ? Json(*k) : Json()},
                         {"best_rate", k ? Json(rate(*k)) : Json()}});
    }
    return {{"task", arguments_.task}, {"first_k", arguments_.first}, {"columns", std::move(columns)}};
  }

 private:
  const Arguments& arguments_;
  std::vector<Setting> settings_;
  std::vector<std::vector<std::optional<double>>> cells_;
  bool is_less_better_ = false;
};

Expected<void> check(const Arguments& arguments) {
  if (arguments.first > arguments.last)
    return failure(ErrorCode::invalid_argument, "The first k is larger than the last.");
  for (const std::string& layer : arguments.layers)
    if (const auto type = parse_layer_type(layer); !type || *type == LayerType::none)
      return type ? failure(ErrorCode::invalid_argument, "Without a layer there is no rate to search.")
                  : std::unexpected(type.error());
  for (const std::string& word : arguments.passed_on)
    if (word == "--layer" || word == "--no-consistency" || word.starts_with("--out") || word.starts_with("rate="))
      return failure(ErrorCode::invalid_argument, std::format("{} is chosen by the sweep itself.", word));
  return {};
}

Expected<void> sweep(const Arguments& arguments) {
  if (auto checked = check(arguments); !checked) return checked;
  std::vector<Setting> settings;
  for (const bool has_consistency : {true, false})
    for (const std::string& layer : arguments.layers)
      if (has_consistency || arguments.has_both) settings.push_back({layer, has_consistency});
  Table table(arguments, settings);
  for (std::size_t column = 0; column < settings.size(); ++column) {
    for (int k = arguments.first; k <= arguments.last; ++k) {
      const auto outcome = run_one(arguments, settings[column], k);
      if (!outcome) return std::unexpected(outcome.error());
      table.add(column, *outcome);
    }
  }
  const fs::path out(arguments.out);
  if (auto done = write_file("result", (out / "sweep.md").string(), table.markdown()); !done) return done;
  if (auto done = write_file("result", (out / "sweep.json").string(), table.json().dump(2) + '\n'); !done) return done;
  std::cout << table.markdown();
  return {};
}

}  // namespace

void add_eval_sweep_command(CLI::App& eval, std::function<Expected<void>()>& run) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = eval.add_subcommand(
      "sweep", "Search the learning rates 0.1 / 2^k of each layer on a data set; further options are those of the task");
  command->add_option("task", arguments->task, "segment, semantic, depth or matte")
      ->required()
      ->check(CLI::IsMember({"segment", "semantic", "depth", "matte"}));
  command->add_option("--out", arguments->out, "folder for the runs and sweep.md; a sweep that was stopped goes on there")
      ->required()
      ->type_name("OUT");
  command->add_option("--layers", arguments->layers, "which of sb, bmsb, bmsb-m, bmconv, rgb")
      ->delimiter(',')
      ->capture_default_str();
  command->add_option("--first", arguments->first, "smallest k")->check(CLI::Range(0, 30))->capture_default_str();
  command->add_option("--last", arguments->last, "largest k")->check(CLI::Range(0, 30))->capture_default_str();
  command->add_flag("--both", arguments->has_both, "with and without the consistency loss");
  command->allow_extras();
  command->callback([arguments, command, &run] {
    arguments->passed_on = command->remaining();
    run = [arguments] { return sweep(*arguments); };
  });
}

}  // namespace gbrs::cli
