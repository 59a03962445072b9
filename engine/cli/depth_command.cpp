// SPDX-License-Identifier: Apache-2.0
#include "depth_command.hpp"

#include <memory>

#include "clicking.hpp"
#include "depth_file.hpp"
#include "model_arguments.hpp"
#include "whole_file.hpp"

namespace gbrs::cli {
namespace {

struct Arguments {
  std::string image;
  std::string start;
  std::vector<std::string> clicks;
  std::vector<std::string> pushes;
  std::string output;
  ModelArguments model;
  bool is_forced = false;
  bool is_json = false;
};

Expected<void> depth(const Arguments& arguments) {
  if (auto checked = check_depth_path(arguments.output); !checked) return checked;
  if (auto checked = check_output("depth map", arguments.output, arguments.is_forced); !checked) return checked;
  auto options = session_options(arguments.model);
  if (!options) return std::unexpected(options.error());
  const auto model = open_model(arguments.model);
  if (!model) return std::unexpected(model.error());
  if (auto checked = check_task(*model, Task::depth); !checked) return checked;
  const auto steps = parse_value_clicks(arguments.clicks, arguments.pushes, *model, Task::depth);
  if (!steps) return std::unexpected(steps.error());
  const bool is_metric = model->info().unit == "m";
  if (!arguments.start.empty()) {
    auto start = read_depth(arguments.start, is_metric);
    if (!start) return std::unexpected(start.error());
    options->start = std::make_shared<const Map>(std::move(*start));
  }
  const auto answer = click_on(*model, std::move(*options), arguments.image, *steps);
  if (!answer) return std::unexpected(answer.error());
  const auto map = answer->render();
  if (!map) return std::unexpected(map.error());
  if (auto written = write_depth(*map, is_metric, arguments.output); !written) return written;
  report(*answer, *model, arguments.is_json);
  return {};
}

}  // namespace

void add_depth_command(CLI::App& app, std::function<Expected<void>()>& run) {
  auto arguments = std::make_shared<Arguments>();
  arguments->model.model = "depth-rooms";
  CLI::App* command = app.add_subcommand("depth", "Find out how far away a picture's things are: writes a depth map");
  command->add_option("image", arguments->image, "the picture")->required()->type_name("IMAGE");
  command
      ->add_option(
          "--click", arguments->clicks,
          "a click: at X,Y the depth is DEPTH (metres, or the map's own values), or the same as at X2,Y2; a last "
          "number is how far it reaches, in pixels. Again for more")
      ->type_name("X,Y,DEPTH|@X2,Y2[,R]")
      ->allow_extra_args(false);
  command
      ->add_option("--push", arguments->pushes, "a little nearer or farther at X,Y; after the clicks. Again for more")
      ->type_name("X,Y,near|far[,R]")
      ->allow_extra_args(false);
  command
      ->add_option("--start", arguments->start, "a depth map of the picture's size to go on from: .exr, .tif or .png")
      ->type_name("DEPTH");
  command
      ->add_option(
          "-o,--output", arguments->output,
          "the depth map: .exr (floats, channel Z), .tif (floats) or .png (16 bits: millimetres, or 0 to 1 over "
          "all of them)")
      ->required()
      ->type_name("DEPTH");
  add_model_options(*command, arguments->model);
  command->add_flag("--force", arguments->is_forced, "overwrite the depth map");
  command->add_flag("--json", arguments->is_json, "print clicks, steps and times as JSON");
  command->callback([arguments, &run] { run = [arguments] { return depth(*arguments); }; });
}

}  // namespace gbrs::cli
