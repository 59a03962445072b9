// SPDX-License-Identifier: Apache-2.0
#include "matte_command.hpp"

#include <format>
#include <memory>
#include <optional>

#include "clicking.hpp"
#include "gbrs/matting.hpp"
#include "mask_file.hpp"
#include "model_arguments.hpp"
#include "picture_file.hpp"
#include "whole_file.hpp"

namespace gbrs::cli {
namespace {

struct Arguments {
  std::string image;
  std::string trimap;
  std::string mask;
  std::string start;
  std::optional<double> band;
  std::vector<std::string> clicks;
  std::vector<std::string> pushes;
  std::string output;
  std::string foreground;
  ModelArguments model;
  bool is_forced = false;
  bool is_json = false;
};

Expected<MaskFormat> plan(const Arguments& arguments) {
  auto format = plan_mask(arguments.output, std::nullopt, arguments.is_forced);
  if (!format || arguments.foreground.empty()) return format;
  if (lower_extension(arguments.foreground) != ".png")
    return failure(ErrorCode::invalid_argument,
                   std::format("The foreground {} needs the extension .png.", arguments.foreground));
  if (is_same_file(arguments.output, arguments.foreground))
    return failure(ErrorCode::invalid_argument, "The alpha and the foreground need two files.");
  if (auto checked = check_output("foreground", arguments.foreground, arguments.is_forced); !checked)
    return std::unexpected(checked.error());
  return format;
}

/// What is known, and what to go on from.
Expected<void> read_maps(const Arguments& arguments, SessionOptions& options) {
  if (!arguments.start.empty()) {
    auto start = read_mask(arguments.start);
    if (!start) return std::unexpected(start.error());
    options.start = std::make_shared<const Map>(std::move(*start));
  }
  const std::string& known = !arguments.trimap.empty() ? arguments.trimap
                             : !arguments.mask.empty() ? arguments.mask
                                                       : arguments.start;
  const auto map = read_mask(known);
  if (!map) return std::unexpected(map.error());
  auto trimap = arguments.trimap.empty() ? trimap_of(*map, arguments.band) : trimap_from(*map);
  if (!trimap) return std::unexpected(trimap.error());
  options.trimap = std::make_shared<const Trimap>(std::move(*trimap));
  return {};
}

Expected<void> write_foreground(const Arguments& arguments, const Map& alpha) {
  if (arguments.foreground.empty()) return {};
  const auto picture = read_picture(arguments.image);
  if (!picture) return std::unexpected(picture.error());
  const auto colours = foreground_colours(picture->view(), alpha);
  if (!colours) return std::unexpected(colours.error());
  return write_cut_out(*colours, alpha, arguments.foreground);
}

Expected<void> matte(const Arguments& arguments) {
  if (arguments.trimap.empty() && arguments.mask.empty() && arguments.start.empty())
    return failure(ErrorCode::invalid_argument,
                   "A matte begins with what is known: give --trimap TRIMAP, --mask MASK or --start ALPHA.");
  const auto format = plan(arguments);
  if (!format) return std::unexpected(format.error());
  auto options = session_options(arguments.model);
  if (!options) return std::unexpected(options.error());
  const auto model = open_model(arguments.model);
  if (!model) return std::unexpected(model.error());
  if (auto checked = check_task(*model, Task::matte); !checked) return checked;
  const auto steps = parse_value_clicks(arguments.clicks, arguments.pushes, *model, Task::matte);
  if (!steps) return std::unexpected(steps.error());
  if (auto read = read_maps(arguments, *options); !read) return read;
  const auto answer = click_on(*model, std::move(*options), arguments.image, *steps);
  if (!answer) return std::unexpected(answer.error());
  const auto alpha = answer->render();
  if (!alpha) return std::unexpected(alpha.error());
  if (auto written = write_foreground(arguments, *alpha); !written) return written;
  if (auto written = write_mask(*alpha, *format); !written) return written;
  report(*answer, *model, arguments.is_json);
  return {};
}

}  // namespace

void add_matte_command(CLI::App& app, std::function<Expected<void>()>& run) {
  auto arguments = std::make_shared<Arguments>();
  arguments->model.model = "matte-small";
  CLI::App* command =
      app.add_subcommand("matte", "Find out how opaque an object's hair, fur or glass is: writes an alpha map");
  command->add_option("image", arguments->image, "the picture")->required()->type_name("IMAGE");
  auto* const trimap =
      command
          ->add_option("--trimap", arguments->trimap,
                       "what is known: black is background, white the object, anything between unknown")
          ->type_name("TRIMAP");
  command->add_option("--mask", arguments->mask, "a rough mask of the object: what lies near its edge is unknown")
      ->type_name("MASK")
      ->excludes(trimap);
  command->add_option("--start", arguments->start, "an alpha map of the picture's size to go on from")
      ->type_name("ALPHA");
  command
      ->add_option("--band", arguments->band,
                   "how far the unknown reaches on both sides of the edge of the mask, or of the start, in pixels")
      ->excludes(trimap)
      ->type_name("PIXELS");
  command
      ->add_option("--click", arguments->clicks,
                   "a click: at X,Y the alpha is ALPHA (0 to 1), or the same as at X2,Y2; a last number is how far it "
                   "reaches, in pixels. Again for more")
      ->type_name("X,Y,ALPHA|@X2,Y2[,R]")
      ->allow_extra_args(false);
  command
      ->add_option("--push", arguments->pushes, "a little more or less opaque at X,Y; after the clicks. Again for more")
      ->type_name("X,Y,+|-[,R]")
      ->allow_extra_args(false);
  command->add_option("-o,--output", arguments->output, "the alpha map: .png, .tif (16 bits), .jpg, .webp (8 bits)")
      ->required()
      ->type_name("ALPHA");
  command
      ->add_option("--foreground", arguments->foreground,
                   "the object with its own colours, without those of its background: .png")
      ->type_name("FOREGROUND");
  add_model_options(*command, arguments->model);
  command->add_flag("--force", arguments->is_forced, "overwrite the files");
  command->add_flag("--json", arguments->is_json, "print clicks, steps and times as JSON");
  command->callback([arguments, &run] { run = [arguments] { return matte(*arguments); }; });
}

}  // namespace gbrs::cli
