// SPDX-License-Identifier: Apache-2.0
#include <format>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "eval_arguments.hpp"
#include "eval_command.hpp"
#include "eval_data.hpp"
#include "eval_output.hpp"
#include "eval_run.hpp"
#include "evaluation/segmenter.hpp"

namespace gbrs::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kGrabcut = "grabcut";

struct Arguments : EvalArguments {
  DataOptions data;
  std::string baseline;  ///< kGrabcut, the name of a BaselineMethod, or empty
  int zoom_side = BaselineOptions{}.zoom_side;
  std::optional<int> longest_side;
  double jitter = 0;
  bool has_model = false;  ///< --model or --device were given
};

/// What is clicked on, and how its results are told from those of others.
struct Method {
  std::vector<std::unique_ptr<Segmenter>> segmenters;  ///< one for each thread
  std::string name;
  std::string layer;
  Json identity;  ///< all that its answers depend on beside the protocol
};

/// A model's Method without the segmenters, which `add` makes of its handles, one for each thread.
template <class Add>
Expected<Method> open_model(const Arguments& arguments, std::string layer, std::size_t count, const Add& add) {
  auto models = open_models(arguments, Task::segment, count);
  if (!models) return std::unexpected(models.error());
  const ModelInfo info = models->front().info();
  auto identity = model_identity(arguments, info);
  if (!identity) return std::unexpected(identity.error());
  Method method{.segmenters = {}, .name = info.name, .layer = std::move(layer), .identity = std::move(*identity)};
  for (Model& model : *models)
    if (auto added = add(std::move(model), method.segmenters); !added) return std::unexpected(added.error());
  return method;
}

Expected<Method> open_engine(const Arguments& arguments, const SessionOptions& options, std::size_t count) {
  return open_model(arguments, std::string(layer_type_name(options.layer)), count,
                    [&](Model model, auto& segmenters) -> Expected<void> {
                      segmenters.push_back(session_segmenter(std::move(model), options));
                      return {};
                    });
}

Expected<Method> open_baseline(const Arguments& arguments, const SessionOptions& session, std::size_t count) {
  const auto baseline = parse_baseline_method(arguments.baseline);
  if (!baseline) return std::unexpected(baseline.error());
  const std::string name(baseline_method_name(*baseline));
  BaselineOptions options{
      .method = *baseline, .zoom_side = arguments.zoom_side, .longest_side = arguments.longest_side};
  options.rate = session.method.rate;
  options.consistency = session.method.consistency.value_or(options.consistency);
  options.iterations = session.method.iterations.value_or(options.iterations);
  auto method = open_model(arguments, name, count, [&](const Model& model, auto& segmenters) -> Expected<void> {
    auto opened = Baseline::open(model, options);
    if (!opened) return std::unexpected(opened.error());
    segmenters.push_back(baseline_segmenter(std::move(*opened)));
    return {};
  });
  if (!method) return method;
  method->identity.update(Json{{"baseline", name}, {"zoom_side", arguments.zoom_side}});
  if (arguments.longest_side) method->identity["longest_side"] = *arguments.longest_side;
  return method;
}

Method open_grabcut(std::size_t count) {
  Method method{.segmenters = {}, .name = grabcut_name(), .layer = "none", .identity = {}};
  method.identity = Json{{"baseline", method.name}};
  for (std::size_t i = 0; i < count; ++i) method.segmenters.push_back(grabcut_segmenter());
  return method;
}

Expected<Method> open_method(const Arguments& arguments, const SessionOptions& options, std::size_t count) {
  if (arguments.baseline.empty()) return open_engine(arguments, options, count);
  return arguments.baseline == kGrabcut ? open_grabcut(count) : open_baseline(arguments, options, count);
}

/// All that the results depend on, as a JSON object: results of other settings are not taken over.
std::string settings_json(const Arguments& arguments, const EvalData& data, const Protocol& protocol,
                          const Method& method) {
  const SegmentDataset& dataset = data.dataset;
  Json settings{{"data", data.folder.string()},
                {"images", dataset.files.images},
                {"masks", dataset.files.truths},
                {"names", {dataset.files.image_name, dataset.files.truth_name}},
                {dataset.codes.has_higher ? "object_from" : "object", dataset.codes.object},
                {"ignore", dataset.codes.ignore ? Json(*dataset.codes.ignore) : Json()},
                {"objects", dataset.has_several_objects    ? Json(kSeveralObjects)
                            : dataset.is_every_code_object ? Json(kEveryCode)
                                                           : Json()}};
  settings.update(method.identity);
  settings.update(protocol_json(arguments, protocol));
  settings["layer"] = method.layer;
  settings["jitter"] = protocol.jitter;
  return settings.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void tell_figures(const RunFigures& figures, const fs::path& out) {
  std::cout << std::format("{} objects: NoC@85 {:.2f}, NoC@90 {:.2f}, AUC {:.3f}, {:.3f} s a click\nmean IoU after",
                           figures.all.objects, figures.all.noc85, figures.all.noc90, figures.all.auc,
                           figures.costs.spc_median);
  for (const std::size_t click : {1U, 3U, 5U, 10U, 20U})
    if (click < figures.all.curve.size()) std::cout << std::format(" {}: {:.3f} ", click, figures.all.curve[click]);
  std::cout << std::format("clicks\n{}\n", (out / "report.md").string());
}

Expected<std::vector<ObjectResult>> computed(const EvalRun& run, const std::vector<ObjectFiles>& objects,
                                             const std::string& settings, bool is_forced,
                                             std::vector<Skipped>& skipped) {
  auto kept = ResultsFile<ObjectResult>::open(run.out, settings, is_forced);
  if (!kept) return std::unexpected(kept.error());
  if (kept->results().empty()) remove_output(run.out);
  if (auto done = prepare_predictions(run.out); !done) return std::unexpected(done.error());
  auto results = run.results(objects, *kept, skipped);
  if (!results) return results;
  if (auto done = sort_skipped(skipped, !results->empty()); !done) return std::unexpected(done.error());
  return results;
}

Expected<void> eval_segment(const Arguments& arguments) {
  if (arguments.baseline == kGrabcut && (arguments.has_model || arguments.longest_side))
    return failure(ErrorCode::invalid_argument, "GrabCut takes no model, no device and no longest side.");
  auto protocol = read_protocol(arguments, arguments.baseline);
  if (!protocol) return std::unexpected(protocol.error());
  protocol->jitter = arguments.jitter;
  const auto data = find_data(arguments.data);
  if (!data) return std::unexpected(data.error());
  tell_layout(data->folder, data->layout);
  const auto objects = chosen(data->objects, arguments);
  if (!objects) return std::unexpected(objects.error());
  auto method = open_method(arguments, protocol->session, job_count(arguments, objects->size()));
  if (!method) return std::unexpected(method.error());
  const std::string settings = settings_json(arguments, *data, *protocol, *method);
  RunDescription description{.model = method->name,
                             .layer = method->layer,
                             .radius = protocol->radius.text(),
                             .settings = settings,
                             .data = data->folder.string(),
                             .jobs = static_cast<int>(method->segmenters.size()),
                             .clicks = protocol->clicks,
                             .skipped = data->skipped};
  const EvalRun run{
      .data = *data, .protocol = *protocol, .segmenters = std::move(method->segmenters), .out = arguments.out};
  const auto results = computed(run, *objects, settings, arguments.is_forced, description.skipped);
  if (!results) return std::unexpected(results.error());
  tell_skipped(description.skipped);
  if (const auto notice = run.segmenters.front()->notice(); !notice.empty()) std::cerr << "gbrs: " << notice << '\n';
  const RunFigures figures = run_figures(*results, protocol->auc);
  if (auto done = write_output(run.out, *data, description, figures, *results); !done) return done;
  tell_figures(figures, run.out);
  return {};
}

void add_data_options(CLI::App& command, DataOptions& data) {
  command.add_option("--data", data.folder, "folder with images/, masks/ and dataset.json, or a published set's")
      ->required()
      ->type_name("DIR");
  command.add_option("--images", data.images, "without dataset.json: folder of the images [images]")->type_name("DIR");
  command.add_option("--object", data.object, "without dataset.json: the masks' code of the object")
      ->check(CLI::Range(0, 255));
  command.add_option("--ignore", data.ignore, "without dataset.json: the masks' code of what does not count")
      ->check(CLI::Range(0, 255));
  command.add_option("--objects", data.objects, "without dataset.json: \"<image>_<k>\" if an image has several masks");
}

void add_own_options(CLI::App& command, Arguments& arguments, const ModelOptionsAdded& added) {
  CLI::Option* const baseline = command.add_option(
      "--baseline", arguments.baseline,
      "instead of G-BRS: the network alone as published, BRS or f-BRS on the model's network, BRS with the "
      "loss of G-BRS (-lc); or grabcut, OpenCV's, with the clicks as seeds and without a model");
  baseline->check(CLI::IsMember({"network", "rgb-brs", "rgb-brs-lc", "distmap-brs", "distmap-brs-lc", "f-brs",
                                 "f-brs-a", "f-brs-b", "f-brs-c", kGrabcut}));
  baseline->excludes(added.layer);
  command
      .add_option("--zoom-side", arguments.zoom_side,
                  "of a baseline with a network: longer side of the object's part that it sees; published: 400, for "
                  "DAVIS 600")
      ->type_name("PIXELS")
      ->check(CLI::Range(64, 4096))
      ->capture_default_str();
  command
      .add_option("--longest-side", arguments.longest_side,
                  "of a baseline with a network: what it sees is shrunk to this longer side; published: no limit, the "
                  "demo 800")
      ->type_name("PIXELS")
      ->check(CLI::Range(64, 4096))
      ->needs(baseline);
  command
      .add_option("--jitter", arguments.jitter,
                  "displace clicks at random by up to this share of their distance to the error's edge")
      ->type_name("SHARE")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
}

}  // namespace

void add_eval_segment_command(CLI::App& eval, std::function<Expected<void>()>& run) {
  auto arguments = std::make_shared<Arguments>();
  arguments->model = "segment-small";
  CLI::App* command = eval.add_subcommand("segment", "Click on the objects of a data set and measure the answers");
  add_data_options(*command, arguments->data);
  const ModelOptionsAdded added = add_protocol_options(*command, *arguments);
  add_own_options(*command, *arguments, added);
  add_run_options(*command, *arguments);
  command->callback([arguments, added, &run] {
    arguments->has_model = added.model->count() + added.device->count() > 0;
    run = [arguments] { return eval_segment(*arguments); };
  });
}

}  // namespace gbrs::cli
