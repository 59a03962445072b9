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

#include "clicking.hpp"
#include "gbrs/gbrs.hpp"
#include "model_arguments.hpp"
#include "picture_file.hpp"

namespace gbrs::cli {
namespace {

struct Arguments {
  std::string image;
  ModelArguments model;
  int rounds = 3;
  bool is_json = false;
};

/// A bright, textured disc on a duller ground, 900 x 675: something to find for every model.
PictureFile built_in_picture() {
  PictureFile picture{.width = 900, .height = 675, .rgb = {}};
  std::uint32_t noise = 1;
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      noise = noise * 1664525U + 1013904223U;
      const int grain = static_cast<int>(noise >> 27);
      const bool is_object = std::hypot(x - 430.0, y - 350.0) < 180 + 25 * std::sin(0.02 * x) + 15 * std::cos(0.05 * y);
      const int wave = static_cast<int>(20 * std::sin(0.11 * x + 0.07 * y));
      for (const int base : is_object ? std::array{200, 120, 50} : std::array{70, 95, 120})
        picture.rgb.push_back(static_cast<std::uint8_t>(base + wave + grain));
    }
  }
  return picture;
}

/// Clicks around the middle, every second one with a radius, as somebody makes them who looks at the answer.
std::vector<Click> clicks_on(int width, int height) {
  std::vector<Click> clicks;
  const double reach = std::min(width, height);
  const std::array<double, 3> places[] = {{0.48, 0.52, 1},  {0.35, 0.45, 1}, {0.1, 0.1, -1},  {0.58, 0.6, 1},
                                          {0.85, 0.5, -1},  {0.5, 0.35, 1},  {0.3, 0.85, -1}, {0.42, 0.7, 1},
                                          {0.75, 0.15, -1}, {0.6, 0.45, 1}};
  for (const auto& [x, y, target] : places) {
    Click click{.x = x * width, .y = y * height, .target = target};
    if (clicks.size() % 2 == 1) click.radius = 0.15 * reach;
    clicks.push_back(click);
  }
  return clicks;
}

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
  std::vector<double> encode, first, first_in_new_frame, refine;
  double refine_total = 0, multiply_adds = 0;
  std::size_t steps = 0;

  void add(const StepReport& report) {
    const bool is_new_frame = report.encode_ms > 0;
    if (is_new_frame) encode.push_back(report.encode_ms);
    (is_new_frame ? first_in_new_frame : first).push_back(report.first_ms + report.encode_ms);
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

Expected<nlohmann::ordered_json> measure(const Arguments& arguments) {
  auto options = session_options(arguments.model);
  if (!options) return std::unexpected(options.error());
  // models that refine at the first clicks only would leave too few times for a percentile
  if (!options->method.region_clicks) options->method.region_clicks = std::numeric_limits<int>::max();
  auto picture = arguments.image.empty() ? Expected<PictureFile>(built_in_picture()) : read_picture(arguments.image);
  if (!picture) return std::unexpected(picture.error());
  const auto model = open_model(arguments.model);
  if (!model) return std::unexpected(model.error());
  if (auto checked = check_task(*model, Task::segment); !checked) return std::unexpected(checked.error());

  const auto start = std::chrono::steady_clock::now();
  if (const auto loaded = model->load(); !loaded) return std::unexpected(loaded.error());
  const double load_ms = milliseconds_since(start);
  const auto clicks = clicks_on(picture->width, picture->height);
  Times times;
  for (int round = 0; round <= arguments.rounds; ++round) {
    auto session = Session::create(*model, picture->view(), *options);
    if (!session) return std::unexpected(session.error());
    const auto answer = session->add_one_by_one(clicks);
    if (!answer) return std::unexpected(answer.error());
    if (round == 0) continue;  // shapes that are met for the first time are tried out
    for (const StepReport& report : answer->steps()) times.add(report);
  }
  const auto gflops = model->matrix_gflops();
  if (!gflops) return std::unexpected(gflops.error());
  const double at_matrix_rate_ms = times.multiply_adds * 2 / (*gflops * 1e6);
  const auto ratio = times.steps > 0 ? nlohmann::ordered_json(times.refine_total / at_matrix_rate_ms) : nullptr;
  return nlohmann::ordered_json{{"model", model->info().name},
                                {"layer", layer_type_name(options->layer)},
                                {"device", model->device()},
                                {"width", picture->width},
                                {"height", picture->height},
                                {"clicks", clicks.size() * static_cast<std::size_t>(arguments.rounds)},
                                {"load_ms", load_ms},
                                {"encode_ms", quantile(times.encode, 0.5)},
                                {"encode_p95_ms", quantile(times.encode, 0.95)},
                                {"first_ms", quantile(times.first, 0.5)},
                                {"first_p95_ms", quantile(times.first, 0.95)},
                                {"first_new_frame_ms", quantile(times.first_in_new_frame, 0.5)},
                                {"first_new_frame_p95_ms", quantile(times.first_in_new_frame, 0.95)},
                                {"refined_clicks", times.refine.size()},
                                {"refine_ms", quantile(times.refine, 0.5)},
                                {"refine_p95_ms", quantile(times.refine, 0.95)},
                                {"steps", times.steps},
                                {"peak_mb", peak_mb()},
                                {"matmul_gflops", *gflops},
                                {"refine_ratio", ratio}};
}

Expected<void> bench(const Arguments& arguments) {
  const auto figures = measure(arguments);
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
  command->add_option("--image", arguments->image, "a picture; by default a built-in one")->type_name("IMAGE");
  add_model_options(*command, arguments->model);
  command->add_option("--rounds", arguments->rounds, "how often the clicks are made, after one round for nothing")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_flag("--json", arguments->is_json, "print the figures as JSON");
  command->callback([arguments, &run] { run = [arguments] { return bench(*arguments); }; });
}

}  // namespace gbrs::cli
