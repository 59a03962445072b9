// SPDX-License-Identifier: Apache-2.0
#include "eval_arguments.hpp"

#include <algorithm>
#include <format>
#include <iostream>
#include <thread>

#include "evaluation/random.hpp"
#include "gbrs/baseline.hpp"
#include "gbrs/gbrs.hpp"
#include "number_pair.hpp"
#include "whole_file.hpp"

namespace gbrs::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// Of the engine's settings a baseline with the loss of G-BRS takes some.
bool takes(const std::string& baseline, std::string_view assignment) {
  const auto method = parse_baseline_method(baseline);
  const auto key = assignment.substr(0, assignment.find('='));
  return method && has_consistency_loss(*method) && (key == "rate" || key == "consistency" || key == "iterations");
}

Expected<void> set(Protocol& protocol, std::string_view assignment, const std::string& baseline) {
  const auto is_ours = protocol.set(assignment);
  if (!is_ours) return std::unexpected(is_ours.error());
  if (*is_ours) return {};
  if (!baseline.empty() && !takes(baseline, assignment))
    return failure(ErrorCode::invalid_argument,
                   std::format("\"{}\" is a setting of the engine, which {} does not have.", assignment, baseline));
  return set_option(protocol.session.method, assignment);
}

struct Shard {
  std::size_t number = 1;  ///< from 1 on
  std::size_t count = 1;
};

Expected<Shard> parse_shard(std::string_view text) {
  if (text.empty()) return Shard{};
  const auto pair = parse_pair<std::size_t>(text, '/');
  if (!pair || pair->first < 1 || pair->first > pair->second)
    return failure(ErrorCode::invalid_argument,
                   std::format("The shard \"{}\" does not have the form I/N with I from 1 to N.", text));
  return Shard{.number = pair->first, .count = pair->second};
}

}  // namespace

Expected<Protocol> read_protocol(const EvalArguments& arguments, const std::string& baseline) {
  Protocol protocol;
  protocol.clicks = arguments.clicks;
  const auto layer = parse_layer_type(arguments.layer);
  if (!layer) return std::unexpected(layer.error());
  protocol.session.layer = *layer;
  protocol.session.publish_every = 0;
  const auto radius = RadiusRule::parse(arguments.radius);
  if (!radius) return std::unexpected(radius.error());
  protocol.radius = *radius;
  if (arguments.is_without_consistency)
    if (auto done = set(protocol, "consistency=0", baseline); !done) return std::unexpected(done.error());
  for (const auto& assignment : arguments.settings)
    if (auto done = set(protocol, assignment, baseline); !done) return std::unexpected(done.error());
  return protocol;
}

Expected<std::vector<ObjectFiles>> chosen(const std::vector<ObjectFiles>& all, const EvalArguments& arguments) {
  const auto shard = parse_shard(arguments.shard);
  if (!shard) return std::unexpected(shard.error());
  std::vector<ObjectFiles> objects;
  for (std::size_t i = 0; i < all.size(); i += arguments.every) objects.push_back(all[i]);
  objects.resize(std::min(objects.size(), arguments.limit.value_or(objects.size())));
  std::vector<ObjectFiles> own;
  for (std::size_t i = shard->number - 1; i < objects.size(); i += shard->count) own.push_back(std::move(objects[i]));
  if (own.empty())
    return failure(ErrorCode::invalid_argument, std::format("The shard {} has nothing to do.", arguments.shard));
  return own;
}

std::size_t job_count(const EvalArguments& arguments, std::size_t objects) {
  const auto wanted = static_cast<std::size_t>(
      arguments.jobs > 0 ? arguments.jobs : std::max(1, static_cast<int>(std::thread::hardware_concurrency())));
  return std::clamp<std::size_t>(wanted, 1, objects);
}

Expected<std::vector<Model>> open_models(const EvalArguments& arguments, Task task, std::size_t count) {
  const auto device = parse_device(arguments.device);
  if (!device) return std::unexpected(device.error());
  std::vector<Model> models;
  for (std::size_t i = 0; i < count; ++i) {
    auto model = Model::open(arguments.model, {.device = *device, .threads = 1});
    if (!model) return std::unexpected(model.error());
    if (model->info().task != task_name(task))
      return failure(ErrorCode::invalid_argument, std::format("The model {} is for the task \"{}\", not for \"{}\".",
                                                              arguments.model, model->info().task, task_name(task)));
    models.push_back(std::move(*model));
  }
  return models;
}

Expected<Json> model_identity(const EvalArguments& arguments, const ModelInfo& model) {
  const auto manifest = read_text((model.folder / "manifest.json").string());
  if (!manifest) return std::unexpected(manifest.error());
  return Json{{"model", model.name},
              {"model_folder", fs::weakly_canonical(model.folder).string()},
              // has the checksum of the weights and the learning rates
              {"manifest", std::format("{:016x}", hash_text(*manifest))},
              {"device", arguments.device}};
}

Json protocol_json(const EvalArguments& arguments, const Protocol& protocol) {
  return {{"layer", layer_type_name(protocol.session.layer)},
          {"clicks", protocol.clicks},
          {"radius", protocol.radius.text()},
          {"consistency", !arguments.is_without_consistency},
          {"set", arguments.settings},
          {"version", gbrs::version()}};
}

void tell_layout(const fs::path& folder, const std::string& layout) {
  if (!layout.empty()) std::cerr << std::format("gbrs: {} is laid out as {}\n", folder.string(), layout);
}

void tell_skipped(const std::vector<Skipped>& skipped) {
  constexpr std::size_t shown = 5;
  for (std::size_t i = 0; i < std::min(shown, skipped.size()); ++i)
    std::cerr << std::format("gbrs: left out {}: {}\n", skipped[i].name, skipped[i].reason);
  if (skipped.size() > shown)
    std::cerr << std::format("gbrs: left out {} more, see report.md\n", skipped.size() - shown);
}

Expected<void> sort_skipped(std::vector<Skipped>& skipped, bool has_results) {
  std::ranges::sort(skipped, {}, [](const Skipped& one) { return std::pair(one.name, one.reason); });
  if (has_results) return {};
  return failure(ErrorCode::damaged,
                 std::format("Nothing can be measured; of {}: {}.", skipped.front().name, skipped.front().reason));
}

ModelOptionsAdded add_protocol_options(CLI::App& command, EvalArguments& arguments) {
  const ModelOptionsAdded added{
      .model = command.add_option("--model", arguments.model, "name or folder of a model"),
      .layer = command.add_option("--layer", arguments.layer,
                                  "what refinement optimises: sb, bmsb, bmsb-m, bmconv, rgb, or none"),
      .device = command.add_option("--device", arguments.device, "auto, cpu or cuda")};
  for (CLI::Option* option : {added.model, added.layer, added.device}) option->capture_default_str();
  command.add_option("--clicks", arguments.clicks, "clicks on each object or image")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command
      .add_option("--radius", arguments.radius,
                  "radius of the clicks: paper (to the error's farthest pixel), auto (the engine chooses), or pixels")
      ->type_name("paper|auto|PIXELS")
      ->capture_default_str();
  command.add_flag("--no-consistency", arguments.is_without_consistency,
                   "without the consistency loss (consistency=0)");
  command.add_option("--set", arguments.settings, "a setting of the method or of the evaluation. Again for more")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  return added;
}

void add_run_options(CLI::App& command, EvalArguments& arguments) {
  command.add_option("--every", arguments.every, "only every so many-th object or image")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command.add_option("--limit", arguments.limit, "only the first so many of them")->check(CLI::PositiveNumber);
  command.add_option("--shard", arguments.shard, "of these only the I-th, I+N-th and so on: a share for one of N runs")
      ->type_name("I/N");
  command.add_option("--jobs", arguments.jobs, "worked on at the same time; 0: as many as processors")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  command.add_option("--out", arguments.out, "folder for the results; a run that was stopped goes on there")
      ->required()
      ->type_name("OUT");
  command.add_flag("--force", arguments.is_forced, "throw away the results that are in OUT");
}

}  // namespace gbrs::cli
