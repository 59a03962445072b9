// SPDX-License-Identifier: Apache-2.0
#pragma once

// What `gbrs eval` has in common for all tasks: which model clicks how on which objects, and where that is kept.

#include <CLI/CLI.hpp>
#include <cstddef>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "evaluation/dataset.hpp"
#include "evaluation/protocol.hpp"
#include "gbrs/error.hpp"
#include "gbrs/model.hpp"
#include "gbrs/task.hpp"

namespace gbrs::cli {

struct EvalArguments {
  std::string model;
  std::string layer = "bmconv";
  std::string device = "auto";
  std::string radius = "paper";
  int clicks = 20;
  bool is_without_consistency = false;
  std::vector<std::string> settings;
  std::size_t every = 1;
  std::optional<std::size_t> limit;
  std::string shard;
  int jobs = 0;
  std::string out;
  bool is_forced = false;
};

/// The options of the model, which a baseline excludes.
struct ModelOptionsAdded {
  CLI::Option* model;
  CLI::Option* layer;
  CLI::Option* device;
};

/// --model, --layer, --device, --clicks, --radius, --no-consistency, --set.
ModelOptionsAdded add_protocol_options(CLI::App& command, EvalArguments& arguments);
/// --every, --limit, --shard, --jobs, --out, --force.
void add_run_options(CLI::App& command, EvalArguments& arguments);

/// Layer, radius, clicks and settings. `baseline`: what is measured instead of the engine; it takes no settings of the
/// method. Errors: invalid_argument.
Expected<Protocol> read_protocol(const EvalArguments& arguments, const std::string& baseline = {});

/// What --every, --limit and --shard leave of all objects. Errors: invalid_argument (the shard).
Expected<std::vector<ObjectFiles>> chosen(const std::vector<ObjectFiles>& all, const EvalArguments& arguments);

/// How many threads work on so many objects.
std::size_t job_count(const EvalArguments& arguments, std::size_t objects);

/// One handle of the model for each thread, since calls of one wait for each other; each computes with one thread of
/// its own, so that no result depends on their number. Errors: those of Model::open; invalid_argument (its task).
Expected<std::vector<Model>> open_models(const EvalArguments& arguments, Task task, std::size_t count);

/// All that a model's answers depend on beside the protocol. Errors: io.
Expected<nlohmann::ordered_json> model_identity(const EvalArguments& arguments, const ModelInfo& model);

/// All that results depend on beside data and model.
nlohmann::ordered_json protocol_json(const EvalArguments& arguments, const Protocol& protocol);

/// Says on standard error which published set a folder is laid out as; empty: none.
void tell_layout(const std::filesystem::path& folder, const std::string& layout);

/// Names what was left out on standard error.
void tell_skipped(const std::vector<Skipped>& skipped);

/// By name; the error if nothing was of use.
Expected<void> sort_skipped(std::vector<Skipped>& skipped, bool has_results);

}  // namespace gbrs::cli
