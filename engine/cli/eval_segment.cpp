// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <format>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "eval_command.hpp"
#include "eval_data.hpp"
#include "eval_output.hpp"
#include "eval_run.hpp"
#include "evaluation/random.hpp"
#include "evaluation/segmenter.hpp"
#include "gbrs/gbrs.hpp"
#include "whole_file.hpp"

namespace gbrs::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct Arguments {
  DataOptions data;
  std::string model = "segment-small";
  std::string layer = "bmconv";
  std::string device = "auto";
  std::string baseline;
  std::string radius = "paper";
  int clicks = 20;
  double jitter = 0;
  bool is_without_consistency = false;
  std::vector<std::string> settings;
  std::size_t every = 1;
  std::optional<std::size_t> limit;
  int jobs = 0;
  std::string out;
  bool is_forced = false;
};

Expected<void> set(SegmentProtocol& protocol, std::string_view assignment, const std::string& baseline) {
  const auto is_ours = protocol.set(assignment);
  if (!is_ours) return std::unexpected(is_ours.error());
  if (*is_ours) return {};
  if (!baseline.empty())
    return failure(ErrorCode::invalid_argument,
                   std::format("\"{}\" is a setting of the engine; {} has none.", assignment, baseline));
  return set_option(protocol.session.method, assignment);
}

Expected<SegmentProtocol> read_protocol(const Arguments& arguments) {
  SegmentProtocol protocol;
  protocol.clicks = arguments.clicks;
  protocol.jitter = arguments.jitter;
  const auto layer = parse_layer_type(arguments.layer);
  if (!layer) return std::unexpected(layer.error());
  protocol.session.layer = *layer;
  protocol.session.publish_every = 0;
  const auto radius = RadiusRule::parse(arguments.radius);
  if (!radius) return std::unexpected(radius.error());
  protocol.radius = *radius;
  if (arguments.is_without_consistency)
    if (auto done = set(protocol, "consistency=0", arguments.baseline); !done) return std::unexpected(done.error());
  for (const auto& assignment : arguments.settings)
    if (auto done = set(protocol, assignment, arguments.baseline); !done) return std::unexpected(done.error());
  return protocol;
}

/// What is clicked on, and how its results are told from those of others.
struct Method {
  std::vector<std::unique_ptr<Segmenter>> segmenters;  ///< one for each thread
  std::string name;
  std::string layer;
  Json identity;  ///< all that its answers depend on beside the protocol
};

Expected<Json> identity(const Arguments& arguments, const ModelInfo& model) {
  const auto manifest = read_text((model.folder / "manifest.json").string());
  if (!manifest) return std::unexpected(manifest.error());
  return Json{{"model", model.name},
              {"model_folder", fs::weakly_canonical(model.folder).string()},
              // has the checksum of the weights and the learning rates
              {"manifest", std::format("{:016x}", hash_text(*manifest))},
              {"device", arguments.device}};
}

/// One handle of the model for each thread, since calls of one wait for each other; each computes with one thread of
/// its own, so that no result depends on their number.
Expected<Method> open_model(const Arguments& arguments, const SessionOptions& options, std::size_t count) {
  const auto device = parse_device(arguments.device);
  if (!device) return std::unexpected(device.error());
  Method method{.segmenters = {}, .name = {}, .layer = std::string(layer_type_name(options.layer)), .identity = {}};
  for (std::size_t i = 0; i < count; ++i) {
    auto model = Model::open(arguments.model, {.device = *device, .threads = 1});
    if (!model) return std::unexpected(model.error());
    const ModelInfo& info = model->info();
    if (info.task != "segment")
      return failure(
          ErrorCode::invalid_argument,
          std::format("The model {} is for the task \"{}\", not for \"segment\".", arguments.model, info.task));
    method.name = info.name;
    if (i == 0) {
      auto identified = identity(arguments, info);
      if (!identified) return std::unexpected(identified.error());
      method.identity = std::move(*identified);
    }
    method.segmenters.push_back(session_segmenter(std::move(*model), options));
  }
  return method;
}

Method open_grabcut(std::size_t count) {
  Method method{.segmenters = {}, .name = grabcut_name(), .layer = "none", .identity = {}};
  method.identity = Json{{"baseline", method.name}};
  for (std::size_t i = 0; i < count; ++i) method.segmenters.push_back(grabcut_segmenter());
  return method;
}

Expected<Method> open_method(const Arguments& arguments, const SessionOptions& options, std::size_t count) {
  if (arguments.baseline.empty()) return open_model(arguments, options, count);
  return open_grabcut(count);
}

/// All that the results depend on, as a JSON object: results of other settings are not taken over.
std::string settings_json(const Arguments& arguments, const EvalData& data, const SegmentProtocol& protocol,
                          const Method& method) {
  const SegmentDataset& dataset = data.dataset;
  Json settings{{"data", data.folder.string()},
                {"images", dataset.images},
                {"object", dataset.codes.object},
                {"ignore", dataset.codes.ignore ? Json(*dataset.codes.ignore) : Json()},
                {"objects", dataset.has_several_objects ? Json(kSeveralObjects) : Json()}};
  settings.update(method.identity);
  settings.update(Json{{"layer", method.layer},
                       {"clicks", protocol.clicks},
                       {"radius", protocol.radius.text()},
                       {"jitter", protocol.jitter},
                       {"consistency", !arguments.is_without_consistency},
                       {"set", arguments.settings},
                       {"version", gbrs::version()}});
  return settings.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::vector<ObjectFiles> chosen(const std::vector<ObjectFiles>& all, const Arguments& arguments) {
  std::vector<ObjectFiles> objects;
  for (std::size_t i = 0; i < all.size(); i += arguments.every) objects.push_back(all[i]);
  objects.resize(std::min(objects.size(), arguments.limit.value_or(objects.size())));
  return objects;
}

std::size_t job_count(const Arguments& arguments, std::size_t objects) {
  const auto wanted = static_cast<std::size_t>(
      arguments.jobs > 0 ? arguments.jobs : std::max(1, static_cast<int>(std::thread::hardware_concurrency())));
  return std::clamp<std::size_t>(wanted, 1, objects);
}

void tell_skipped(const std::vector<Skipped>& skipped) {
  constexpr std::size_t shown = 5;
  for (std::size_t i = 0; i < std::min(shown, skipped.size()); ++i)
    std::cerr << std::format("gbrs: left out {}: {}\n", skipped[i].name, skipped[i].reason);
  if (skipped.size() > shown)
    std::cerr << std::format("gbrs: left out {} more, see report.md\n", skipped.size() - shown);
}

void tell_figures(const RunFigures& figures, const fs::path& out) {
  std::cout << std::format("{} objects: NoC@85 {:.2f}, NoC@90 {:.2f}, AUC {:.3f}, {:.3f} s a click\nmean IoU after",
                           figures.all.objects, figures.all.noc85, figures.all.noc90, figures.all.auc,
                           figures.spc_median);
  for (const std::size_t click : {1U, 3U, 5U, 10U, 20U})
    if (click < figures.all.curve.size()) std::cout << std::format(" {}: {:.3f} ", click, figures.all.curve[click]);
  std::cout << std::format("clicks\n{}\n", (out / "report.md").string());
}

Expected<std::vector<ObjectResult>> computed(const EvalRun& run, const std::vector<ObjectFiles>& objects,
                                             const std::string& settings, bool is_forced,
                                             std::vector<Skipped>& skipped) {
  auto kept = ResultsFile::open(run.out, settings, is_forced);
  if (!kept) return std::unexpected(kept.error());
  if (kept->results().empty()) remove_output(run.out);
  if (auto done = prepare_predictions(run.out); !done) return std::unexpected(done.error());
  auto results = run.results(objects, *kept, skipped);
  if (!results) return results;
  std::ranges::sort(skipped, {}, [](const Skipped& one) { return std::pair(one.name, one.reason); });
  if (results->empty())
    return failure(ErrorCode::damaged,
                   std::format("No object can be used; of {}: {}.", skipped.front().name, skipped.front().reason));
  return results;
}

Expected<void> eval_segment(const Arguments& arguments) {
  const auto protocol = read_protocol(arguments);
  if (!protocol) return std::unexpected(protocol.error());
  const auto data = find_data(arguments.data);
  if (!data) return std::unexpected(data.error());
  const std::vector<ObjectFiles> objects = chosen(data->objects, arguments);
  auto method = open_method(arguments, protocol->session, job_count(arguments, objects.size()));
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
  const auto results = computed(run, objects, settings, arguments.is_forced, description.skipped);
  if (!results) return std::unexpected(results.error());
  tell_skipped(description.skipped);
  if (const auto notice = run.segmenters.front()->notice(); !notice.empty()) std::cerr << "gbrs: " << notice << '\n';
  const RunFigures figures = run_figures(*results, protocol->auc);
  if (auto done = write_output(run.out, *data, description, figures, *results); !done) return done;
  tell_figures(figures, run.out);
  return {};
}

void add_data_options(CLI::App& command, DataOptions& data) {
  command.add_option("--data", data.folder, "folder with images/, masks/ and dataset.json")
      ->required()
      ->type_name("DIR");
  command.add_option("--images", data.images, "without dataset.json: folder of the images [images]")->type_name("DIR");
  command.add_option("--object", data.object, "without dataset.json: the masks' code of the object")
      ->check(CLI::Range(0, 255));
  command.add_option("--ignore", data.ignore, "without dataset.json: the masks' code of what does not count")
      ->check(CLI::Range(0, 255));
  command.add_option("--objects", data.objects, "without dataset.json: \"<image>_<k>\" if an image has several masks");
}

void add_protocol_options(CLI::App& command, Arguments& arguments) {
  CLI::Option* model = command.add_option("--model", arguments.model, "name or folder of a model");
  CLI::Option* layer =
      command.add_option("--layer", arguments.layer,
                         "what refinement optimises: sb, bmsb, bmsb-m, bmconv, rgb (the input), or none");
  CLI::Option* device = command.add_option("--device", arguments.device, "auto, cpu or cuda");
  for (CLI::Option* option : {model, layer, device}) option->capture_default_str();
  command
      .add_option("--baseline", arguments.baseline, "instead of a model: grabcut, OpenCV's, with the clicks as seeds")
      ->check(CLI::IsMember({"grabcut"}))
      ->excludes(model)
      ->excludes(layer)
      ->excludes(device);
  command.add_option("--clicks", arguments.clicks, "clicks on each object")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command
      .add_option("--radius", arguments.radius,
                  "radius of the clicks: paper (to the error's farthest pixel), auto (the engine chooses), or pixels")
      ->type_name("paper|auto|PIXELS")
      ->capture_default_str();
  command
      .add_option("--jitter", arguments.jitter,
                  "displace clicks at random by up to this share of their distance to the error's edge")
      ->type_name("SHARE")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command.add_flag("--no-consistency", arguments.is_without_consistency,
                   "without the consistency loss (consistency=0)");
  command.add_option("--set", arguments.settings, "a setting of the method or of the evaluation. Again for more")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
}

}  // namespace

void add_eval_segment_command(CLI::App& eval, std::function<Expected<void>()>& run) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = eval.add_subcommand("segment", "Click on the objects of a data set and measure the answers");
  add_data_options(*command, arguments->data);
  add_protocol_options(*command, *arguments);
  command->add_option("--every", arguments->every, "only every so many-th object")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_option("--limit", arguments->limit, "only the first so many objects")->check(CLI::PositiveNumber);
  command->add_option("--jobs", arguments->jobs, "objects at the same time; 0: as many as processors")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  command->add_option("--out", arguments->out, "folder for the results; a run that was stopped goes on there")
      ->required()
      ->type_name("OUT");
  command->add_flag("--force", arguments->is_forced, "throw away the results that are in OUT");
  command->callback([arguments, &run] { run = [arguments] { return eval_segment(*arguments); }; });
}

}  // namespace gbrs::cli
