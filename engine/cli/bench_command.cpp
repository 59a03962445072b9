// SPDX-License-Identifier: Apache-2.0
#include "bench_command.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <format>
#include <iostream>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>

#include "bench_clicks.hpp"
#include "generated_model.hpp"
#include "gbrs/gbrs.hpp"
#include "model_arguments.hpp"
#include "number_pair.hpp"

namespace gbrs::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kRate = 1e-3;  // of networks with generated weights: any rate takes as long

struct Arguments {
  std::string image;
  std::string size = "900x675";
  std::string network;
  ModelArguments model;
  int rounds = 3;
  int clicks = 10;
  bool is_json = false;
};

double milliseconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

/// Nearest rank; 0 for none.
double quantile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
  return values[std::max<std::size_t>(rank, 1) - 1];
}

struct Times {
  std::vector<double> encode, first, first_in_new_frame, refine, mirror, close, click;
  double refine_total = 0, multiply_adds = 0;
  std::size_t steps = 0;

  void add(const StepReport& report) {
    const bool is_new_frame = report.encode_ms > 0;
    if (is_new_frame) encode.push_back(report.encode_ms);
    (is_new_frame ? first_in_new_frame : first).push_back(report.first_ms + report.encode_ms);
    click.push_back(report.first_ms + report.refine_ms + report.mirror_ms + report.close_ms);
    if (report.mirror_ms > 0) mirror.push_back(report.mirror_ms);
    if (report.close_ms > 0) close.push_back(report.close_ms);
    if (report.iterations == 0) return;
    refine.push_back(report.refine_ms);
    refine_total += report.refine_ms;
    multiply_adds += report.multiply_adds;
    steps += static_cast<std::size_t>(report.iterations);
  }
};

double peak_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

Expected<PictureSize> parse_size(std::string_view text) {
  const auto pair = parse_pair<int>(text, 'x');
  if (!pair) return failure(ErrorCode::invalid_argument, std::format("The size \"{}\" does not have the form WxH.", text));
  const PictureSize size{.width = pair->first, .height = pair->second};
  if (auto checked = check_picture_size(size.width, size.height); !checked) return std::unexpected(checked.error());
  return size;
}

Expected<PictureFile> picture_of(const Arguments& arguments) {
  if (!arguments.image.empty()) return read_picture(arguments.image);
  const auto size = parse_size(arguments.size);
  if (!size) return std::unexpected(size.error());
  return built_in_picture(size->width, size->height);
}

/// Clicks `rounds` times, after a round for nothing: shapes that are met for the first time are tried out.
Expected<Times> clicked(const Model& model, const PictureFile& picture, const SessionOptions& options,
                        const Arguments& arguments) {
  Times times;
  for (int round = 0; round <= arguments.rounds; ++round) {
    auto session = Session::create(model, picture.view(), options);
    if (!session) return std::unexpected(session.error());
    const auto start = std::chrono::steady_clock::now();
    auto clicks = bench_clicks(model, *session, {.width = picture.width, .height = picture.height});
    if (!clicks) return std::unexpected(clicks.error());
    clicks->resize(std::min(clicks->size(), static_cast<std::size_t>(arguments.clicks)));
    const double looking_ms = milliseconds_since(start);
    const auto answer = session->add_one_by_one(*clicks);
    if (!answer) return std::unexpected(answer.error());
    if (round == 0) continue;
    for (const StepReport& report : answer->steps()) times.add(report);
    if (answer->task() != Task::segment) times.encode.push_back(looking_ms);  // before any click
  }
  return times;
}

Expected<Json> measure(const Arguments& arguments, const std::string& network) {
  auto options = session_options(arguments.model);
  if (!options) return std::unexpected(options.error());
  // models that refine at the first clicks only would leave too few times for a percentile
  if (!options->method.region_clicks) options->method.region_clicks = std::numeric_limits<int>::max();
  if (!network.empty() && !options->method.rate) options->method.rate = kRate;
  const auto picture = picture_of(arguments);
  if (!picture) return std::unexpected(picture.error());
  const auto model = open_model(arguments.model);
  if (!model) return std::unexpected(model.error());

  if (model->info().task == task_name(Task::matte)) {
    if (!arguments.image.empty())
      return failure(ErrorCode::invalid_argument, "Mattes are measured on the built-in picture, whose trimap is known.");
    options->trimap = std::make_shared<const Trimap>(built_in_trimap(picture->width, picture->height));
  }

  const auto start = std::chrono::steady_clock::now();
  if (const auto loaded = model->load(); !loaded) return std::unexpected(loaded.error());
  const double load_ms = milliseconds_since(start);
  const auto times = clicked(*model, *picture, *options, arguments);
  if (!times) return std::unexpected(times.error());
  const double encode_ms = quantile(times->encode, 0.5);
  const auto gflops = model->matrix_gflops();
  if (!gflops) return std::unexpected(gflops.error());
  const double click_ms = quantile(times->click, 0.5);
  const double at_matrix_rate_ms = times->multiply_adds * 2 / (*gflops * 1e6);
  return Json{{"model", network.empty() ? model->info().name : network},
              {"task", model->info().task},
              {"layer", layer_type_name(options->layer)},
              {"device", model->device()},
              {"width", picture->width},
              {"height", picture->height},
              {"clicks", times->click.size()},
              {"load_ms", load_ms},
              {"encode_ms", encode_ms},
              {"encode_p95_ms", quantile(times->encode, 0.95)},
              {"first_ms", quantile(times->first, 0.5)},
              {"first_p95_ms", quantile(times->first, 0.95)},
              {"first_new_frame_ms", quantile(times->first_in_new_frame, 0.5)},
              {"first_new_frame_p95_ms", quantile(times->first_in_new_frame, 0.95)},
              {"refined_clicks", times->refine.size()},
              {"refine_ms", quantile(times->refine, 0.5)},
              {"refine_p95_ms", quantile(times->refine, 0.95)},
              {"mirror_ms", quantile(times->mirror, 0.5)},
              {"mirror_p95_ms", quantile(times->mirror, 0.95)},
              {"close_ups", times->close.size()},
              {"close_ms", quantile(times->close, 0.5)},
              {"close_p95_ms", quantile(times->close, 0.95)},
              {"click_ms", click_ms},
              {"encode_share", encode_ms / (encode_ms + click_ms)},
              {"steps", times->steps},
              {"peak_mb", peak_mb()},
              {"matmul_gflops", *gflops},
              {"refine_ratio", times->steps > 0 ? Json(times->refine_total / at_matrix_rate_ms) : Json()}};
}

Expected<Json> measure(Arguments arguments) {
  if (arguments.network.empty()) return measure(arguments, "");
  const auto size = parse_size(arguments.size);
  if (!size) return std::unexpected(size.error());
  const auto generated = GeneratedModel::make(arguments.network, std::max(size->width, size->height));
  if (!generated) return std::unexpected(generated.error());
  arguments.model.model = generated->path();
  return measure(arguments, arguments.network);
}

Expected<void> bench(const Arguments& arguments) {
  const auto figures = measure(Arguments(arguments));
  if (!figures) return std::unexpected(figures.error());
  if (arguments.is_json) {
    std::cout << figures->dump(2) << '\n';
    return {};
  }
  for (const auto& [name, value] : figures->items()) {
    const std::string text = value.is_number_float() ? std::format("{:.1f}", value.get<double>())
                             : value.is_string()     ? value.get<std::string>()
                                                     : value.dump();
    std::cout << std::format("{:24}{:>16}\n", name, text);
  }
  return {};
}

}  // namespace

void add_bench_command(CLI::App& app, std::function<Expected<void>()>& run) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("bench", "Measure what clicks cost on this machine: medians and 95th percentiles");
  CLI::Option* const image = command->add_option("--image", arguments->image, "a picture; by default a built-in one");
  image->type_name("IMAGE");
  CLI::Option* const size = command->add_option("--size", arguments->size, "of the built-in picture");
  size->type_name("WxH")->capture_default_str()->excludes(image);
  command
      ->add_option("--network", arguments->network,
                   "instead of a model: a network with generated weights, whose frame has the picture's size: "
                   "fbrs-deeplab-r101, hmsa-w48, indexnet-mnv2, bts-densenet161, or a table of names and shapes")
      ->type_name("NAME|TABLE")
      ->excludes(image);
  add_model_options(*command, arguments->model);
  command->add_option("--rounds", arguments->rounds, "how often the clicks are made, after one round for nothing")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--clicks", arguments->clicks, "of a round, the first so many of ten")
      ->check(CLI::Range(1, 10))
      ->capture_default_str();
  command->add_flag("--json", arguments->is_json, "print the figures as JSON");
  command->callback([arguments, &run] { run = [arguments] { return bench(*arguments); }; });
}

}  // namespace gbrs::cli
