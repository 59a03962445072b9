// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <format>
#include <iostream>
#include <memory>

#include "eval_arguments.hpp"
#include "eval_command.hpp"
#include "eval_dense_data.hpp"
#include "eval_work.hpp"
#include "evaluation/dense_report.hpp"
#include "evaluation/dense_run.hpp"
#include "evaluation/plot.hpp"
#include "evaluation/random.hpp"
#include "whole_file.hpp"

namespace gbrs::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct Arguments : EvalArguments {
  Task task = Task::semantic;
  std::string data;
  std::string mode = "click";
  std::optional<int> insertions;
  std::vector<std::string> classes;
  std::string trimaps;  ///< folder; empty: all that the data have, one run after another
};

Expected<Protocol> read_dense_protocol(const Arguments& arguments) {
  auto protocol = read_protocol(arguments);
  if (!protocol) return protocol;
  if (protocol->clicks_without_error)
    return failure(ErrorCode::invalid_argument, "The setting no_error is for the task \"segment\" only.");
  if (arguments.mode == "push") protocol->mode = ClickMode::push;
  if (!arguments.insertions) return protocol;
  if (auto done = set_option(protocol->session.method, std::format("insertions={}", *arguments.insertions)); !done)
    return std::unexpected(done.error());
  return protocol;
}

Expected<DenseData> find_data_of(const Arguments& arguments, const ModelInfo& model) {
  if (arguments.task == Task::semantic) return find_semantic_data(arguments.data, model, arguments.classes);
  if (arguments.task == Task::matte) return find_matte_data(arguments.data, arguments.trimaps);
  return find_depth_data(arguments.data, model);
}

/// All that the results depend on, as a JSON object: results of other settings are not taken over.
Expected<std::string> settings_json(const Arguments& arguments, const DenseData& data, const Protocol& protocol,
                                    const ModelInfo& model) {
  const auto identity = model_identity(arguments, model);
  if (!identity) return std::unexpected(identity.error());
  Json settings{{"task", task_name(arguments.task)},
                {"data", data.folder.string()},
                {"dataset", std::format("{:016x}", hash_text(data.description))}};
  settings.update(*identity);
  settings.update(protocol_json(arguments, protocol));
  settings["mode"] = arguments.mode;
  settings["insertions"] = arguments.insertions ? Json(*arguments.insertions) : Json();
  settings["classes"] = arguments.classes;
  if (arguments.task == Task::matte) settings["trimaps"] = arguments.trimaps;
  return settings.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// The images of a data set, clicked on by several threads, each with a handle of the model.
struct DenseRun {
  const DenseData& data;
  const Protocol& protocol;
  const std::vector<Model>& models;
  ResultsFile<DenseResult>& kept;

  Expected<std::optional<Error>> operator()(std::size_t thread, const ObjectFiles& files, std::mutex& lock) const {
    std::unique_lock guard(lock);
    const auto loaded = load_image(data, files);
    guard.unlock();
    if (!loaded) {
      if (is_about_a_file(loaded.error())) return loaded.error();
      return std::unexpected(loaded.error());
    }
    auto result = run_image(models[thread], loaded->picture.view(), *loaded->truth, files.object, protocol);
    if (!result) return std::unexpected(result.error());
    result->file = files.image;
    guard.lock();
    if (auto done = kept.add(*result); !done) return std::unexpected(done.error());
    return std::nullopt;
  }
};

Expected<std::vector<DenseResult>> computed(const Arguments& arguments, const DenseData& data, const Protocol& protocol,
                                            const std::vector<Model>& models, DenseDescription& description) {
  const auto images = chosen(data.objects, arguments);
  if (!images) return std::unexpected(images.error());
  auto kept = ResultsFile<DenseResult>::open(arguments.out, description.settings, arguments.is_forced);
  if (!kept) return std::unexpected(kept.error());
  std::vector<ObjectFiles> waiting;
  for (const ObjectFiles& files : *images)
    if (!kept->results().contains(files.object)) waiting.push_back(files);
  const DenseRun run{.data = data, .protocol = protocol, .models = models, .kept = *kept};
  if (auto done = work_on(waiting, images->size(), models.size(), run, description.skipped); !done)
    return std::unexpected(done.error());
  auto results = results_of(*images, *kept, description.skipped);
  if (auto done = sort_skipped(description.skipped, !results.empty()); !done) return std::unexpected(done.error());
  return results;
}

Expected<void> write_output(const fs::path& out, const DenseDescription& run, const DenseFigures& figures,
                            std::span<const DenseResult> results) {
  const PlotLine lines[] = {{.name = "all images", .values = figures.all.curve},
                            {.name = "worst tenth before the clicks", .values = figures.bottom10.curve}};
  const std::pair<const char*, std::string> files[] = {
      {"per_image.csv", per_image_csv(results, run.metric)},
      {"curve.svg", click_plot(lines, run.metric)},
      {"report.md", report_markdown(run, figures)},
      {"summary.json", summary_json(run, figures)},  // last: its presence says that the others are there
  };
  for (const auto& [name, text] : files)
    if (auto done = write_file("result", (out / name).string(), text); !done) return done;
  return {};
}

void tell_figures(const DenseDescription& run, const DenseFigures& figures) {
  std::cout << std::format("{} images: {} {:.4f} before the clicks, {:.4f} after {}, AUC {:.4f}, {:.3f} s a click\n",
                           figures.all.images, run.metric, figures.all.initial, figures.all.final, run.clicks,
                           figures.all.auc, figures.costs.spc_median);
}

Expected<void> eval_dense(const Arguments& arguments) {
  const auto protocol = read_dense_protocol(arguments);
  if (!protocol) return std::unexpected(protocol.error());
  auto models = open_models(arguments, arguments.task, 1);
  if (!models) return std::unexpected(models.error());
  const ModelInfo info = models->front().info();
  const auto data = find_data_of(arguments, info);
  if (!data) return std::unexpected(data.error());
  models = open_models(arguments, arguments.task, job_count(arguments, data->objects.size()));
  if (!models) return std::unexpected(models.error());
  tell_layout(data->folder, data->layout);
  const auto settings = settings_json(arguments, *data, *protocol, info);
  if (!settings) return std::unexpected(settings.error());
  DenseDescription description;
  description.model = info.name;
  description.layer = layer_type_name(protocol->session.layer);
  description.radius = protocol->radius.text();
  description.settings = *settings;
  description.data = data->folder.string();
  description.jobs = static_cast<int>(models->size());
  description.clicks = protocol->clicks;
  description.skipped = data->skipped;
  description.task = task_name(arguments.task);
  description.metric = main_metric(arguments.task);
  description.mode = arguments.mode;
  const auto results = computed(arguments, *data, *protocol, *models, description);
  if (!results) return std::unexpected(results.error());
  tell_skipped(description.skipped);
  if (const auto notice = models->front().notice(); !notice.empty()) std::cerr << "gbrs: " << notice << '\n';
  const DenseFigures figures = dense_figures(*results, description.metric, protocol->auc);
  if (auto done = write_output(arguments.out, description, figures, *results); !done) return done;
  tell_figures(description, figures);
  std::cout << (fs::path(arguments.out) / "report.md").string() << '\n';
  return {};
}

/// Several folders of trimaps are several runs over the same mattes, in folders of these names.
Expected<void> eval_matte(const Arguments& arguments) {
  const auto folders = trimap_folders(arguments.data);
  if (!folders) return std::unexpected(folders.error());
  const bool is_known = arguments.trimaps.empty() || std::ranges::contains(*folders, arguments.trimaps);
  if (!is_known)
    return failure(ErrorCode::invalid_argument,
                   std::format("The data have no trimaps {}: dataset.json does not name them.", arguments.trimaps));
  for (const std::string& folder : *folders) {
    if (!arguments.trimaps.empty() && folder != arguments.trimaps) continue;
    Arguments own = arguments;
    own.trimaps = folder;
    if (folders->size() > 1 && arguments.trimaps.empty()) own.out = (fs::path(arguments.out) / folder).string();
    if (auto done = eval_dense(own); !done) return done;
  }
  return {};
}

void add_mode_option(CLI::App& command, Arguments& arguments, const char* words) {
  command.add_option("--mode", arguments.mode, words)->check(CLI::IsMember({"click", "push"}))->capture_default_str();
}

std::pair<CLI::App*, std::shared_ptr<Arguments>> add_command(CLI::App& eval, std::function<Expected<void>()>& run,
                                                             Task task, const char* model, const char* what,
                                                             const char* data) {
  auto arguments = std::make_shared<Arguments>();
  arguments->task = task;
  arguments->model = model;
  CLI::App* command = eval.add_subcommand(std::string(task_name(task)), what);
  command->add_option("--data", arguments->data, data)->required()->type_name("DIR");
  add_protocol_options(*command, *arguments);
  command->add_option("--insertions", arguments->insertions, "layers go to the first so many of the model's places")
      ->check(CLI::Range(1, 99));
  add_run_options(*command, *arguments);
  command->callback([arguments, &run] {
    run = [arguments] { return arguments->task == Task::matte ? eval_matte(*arguments) : eval_dense(*arguments); };
  });
  return {command, arguments};
}

}  // namespace

void add_eval_semantic_command(CLI::App& eval, std::function<Expected<void>()>& run) {
  const auto [command, arguments] = add_command(eval, run, Task::semantic, "semantic-voc",
                                                "Click on images with known classes and measure the answers",
                                                "folder with images/, labels/ and dataset.json, or a published set's");
  command
      ->add_option("--class", arguments->classes,
                   "the model's class MODEL is the data's class DATA, where the names differ. Again for more")
      ->type_name("MODEL=DATA")
      ->allow_extra_args(false);
}

void add_eval_depth_command(CLI::App& eval, std::function<Expected<void>()>& run) {
  const auto [command, arguments] =
      add_command(eval, run, Task::depth, "depth-rooms", "Click on images with known depths and measure the answers",
                  "folder with images/, depth/ and dataset.json, or a published set's");
  add_mode_option(*command, *arguments, "what a click says: click, the depth; push, nearer or farther");
}

void add_eval_matte_command(CLI::App& eval, std::function<Expected<void>()>& run) {
  const auto [command, arguments] =
      add_command(eval, run, Task::matte, "matte-small", "Click on images with known mattes and measure the answers",
                  "folder with images/, alphas/, trimaps/ and dataset.json, or a published set's");
  add_mode_option(*command, *arguments, "what a click says: click, the alpha; push, more or less");
  command
      ->add_option("--trimaps", arguments->trimaps,
                   "the folder of the trimaps, one of those of dataset.json; without it each of several makes a run of "
                   "its own, in OUT/DIR")
      ->type_name("DIR");
}

}  // namespace gbrs::cli
