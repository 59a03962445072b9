// SPDX-License-Identifier: Apache-2.0
#include "segment_command.hpp"

#include <memory>

#include "clicking.hpp"
#include "cut_out.hpp"
#include "gbrs/gbrs.hpp"
#include "mask_file.hpp"
#include "model_arguments.hpp"
#include "picture_file.hpp"

namespace gbrs::cli {
namespace {

struct Arguments {
  std::string image;
  std::vector<std::string> boxes;
  std::vector<std::string> clicks;
  std::string output;
  std::string start;
  ModelArguments model;
  std::optional<int> depth;
  bool is_forced = false;
  bool is_json = false;
};

/// The boxes, then the clicks.
Expected<std::vector<Step>> parse_all(const Arguments& arguments) {
  std::vector<Step> steps;
  for (const auto& text : arguments.boxes) {
    const auto box = parse_box(text);
    if (!box) return std::unexpected(box.error());
    steps.push_back({.clicks = {}, .box = *box});
  }
  for (const auto& text : arguments.clicks) {
    const auto some = parse_steps(text);
    if (!some) return some;
    steps.insert(steps.end(), some->begin(), some->end());
  }
  return steps;
}

Expected<void> segment(const Arguments& arguments) {
  const auto steps = parse_all(arguments);
  if (!steps) return std::unexpected(steps.error());
  if (steps->empty() && arguments.start.empty())
    return failure(ErrorCode::invalid_argument, "Give at least one click, for example --click 120,80,+.");
  auto options = session_options(arguments.model);
  if (!options) return std::unexpected(options.error());
  const auto format = plan_mask(arguments.output, arguments.depth, arguments.is_forced);
  if (!format) return std::unexpected(format.error());
  const auto model = open_model(arguments.model);
  if (!model) return std::unexpected(model.error());
  if (auto checked = check_task(*model, Task::segment); !checked) return checked;
  if (!arguments.start.empty()) {
    auto start = read_mask(arguments.start);
    if (!start) return std::unexpected(start.error());
    options->start = std::make_shared<const Map>(std::move(*start));
  }
  const auto answer = cut_out(*model, std::move(*options), arguments.image, *steps, *format);
  if (!answer) return std::unexpected(answer.error());
  report(*answer, *model, arguments.is_json);
  return {};
}

}  // namespace

void add_segment_command(CLI::App& app, std::function<Expected<void>()>& run) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("segment", "Cut an object out of a picture by clicks: writes a soft mask");
  command->add_option("image", arguments->image, "the picture")->required()->type_name("IMAGE");
  command
      ->add_option("--click", arguments->clicks,
                   "a click: X,Y,+ belongs to the object, X,Y,- does not; a fourth number is how far it reaches, in "
                   "pixels. Again for more")
      ->type_name("X,Y,+|-[,R]")
      ->allow_extra_args(false);
  command
      ->add_option("--box", arguments->boxes,
                   "a box that the object fills, in pixels from the left and the top; comes before the clicks")
      ->type_name("X0,Y0,X1,Y1")
      ->allow_extra_args(false);
  command->add_option("-o,--output", arguments->output, "the mask: .png, .tif (16 bits), .jpg, .webp (8 bits)")
      ->required()
      ->type_name("MASK");
  command->add_option("--mask", arguments->start, "a mask of the picture's size to start from")->type_name("START");
  add_model_options(*command, arguments->model);
  command->add_option("--depth", arguments->depth, "bits of the mask, 8 or 16")->check(CLI::IsMember({8, 16}));
  command->add_flag("--force", arguments->is_forced, "overwrite the mask file");
  command->add_flag("--json", arguments->is_json, "print clicks, steps and times as JSON");
  command->callback([arguments, &run] { run = [arguments] { return segment(*arguments); }; });
}

}  // namespace gbrs::cli
