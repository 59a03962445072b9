// SPDX-License-Identifier: Apache-2.0
#include "semantic_command.hpp"

#include <algorithm>
#include <format>
#include <iostream>
#include <limits>
#include <memory>

#include "clicking.hpp"
#include "mask_file.hpp"
#include "model_arguments.hpp"
#include "vips_image.hpp"
#include "whole_file.hpp"

namespace gbrs::cli {
namespace {

struct Arguments {
  std::string image;
  std::vector<std::string> clicks;
  std::vector<std::string> strokes;
  std::string output;
  std::string classes;
  std::string mask;
  ModelArguments model;
  bool is_forced = false;
  bool is_json = false;
};

/// "cat,dog" or "8,12". Errors: invalid_argument.
Expected<std::vector<int>> parse_classes(std::string_view text, const Model& model) {
  const auto& names = model.info().classes;
  std::vector<int> numbers;
  while (true) {
    const auto end = std::min(text.find(','), text.size());
    const std::string name(text.substr(0, end));
    const auto found = std::ranges::find(names, name);
    const bool is_number =
        !name.empty() && name.size() < 6 && name.find_first_not_of("0123456789") == std::string::npos;
    if (found != names.end())
      numbers.push_back(static_cast<int>(found - names.begin()));
    else if (is_number && (names.empty() || std::stoul(name) < names.size()))
      numbers.push_back(std::stoi(name));
    else
      return failure(ErrorCode::invalid_argument,
                     std::format("The model {} has no class \"{}\".", model.info().name, name));
    if (end == text.size()) return numbers;
    text.remove_prefix(end + 1);
  }
}

Expected<void> write_labels(const Map& labels, const std::string& path) {
  std::vector<std::uint8_t> values;
  for (const float value : labels.values) {
    if (value > std::numeric_limits<std::uint8_t>::max())
      return failure(ErrorCode::unsupported, "A label file has at most 256 classes.");
    values.push_back(static_cast<std::uint8_t>(value));
  }
  const auto encoded = encode(values.data(), labels.width, labels.height, 1, SampleType::u8, ".png");
  if (!encoded) return std::unexpected(encoded.error());
  return write_file("label map", path, {static_cast<const char*>(encoded->bytes.get()), encoded->size});
}

void print_areas(const Map& labels, const Answer& answer, const Model& model) {
  for (const int number : answer.classes()) {
    const auto count = std::ranges::count(labels.values, static_cast<float>(number));
    if (count > 0)
      std::cout << std::format("{:>5.1f} % {}\n",
                               100.0 * static_cast<double>(count) / static_cast<double>(labels.values.size()),
                               model.info().class_name(number));
  }
}

Expected<std::vector<Step>> parse_all(const Arguments& arguments, const Model& model) {
  auto steps = parse_task_clicks(arguments.clicks, model, Task::semantic);
  if (!steps) return steps;
  std::vector<std::string> strokes = arguments.strokes;
  for (std::string& stroke : strokes) {
    // before, as names may have spaces
    stroke = with_number(std::move(stroke), model.info().classes, ClassField::before_last);
    std::ranges::replace(stroke, ' ', ';');
  }
  const auto painted = parse_each(strokes, Task::semantic);
  if (!painted) return painted;
  steps->insert(steps->end(), painted->begin(), painted->end());
  return steps;
}

/// What is wrong with the places of the results, before anything is computed.
Expected<std::optional<MaskFormat>> plan(const Arguments& arguments) {
  if (arguments.mask.empty() != arguments.classes.empty())
    return failure(ErrorCode::invalid_argument, "--classes and --mask go together: which classes the mask is of.");
  if (lower_extension(arguments.output) != ".png")
    return failure(ErrorCode::invalid_argument,
                   std::format("The label map {} needs the extension .png.", arguments.output));
  if (auto checked = check_output("label map", arguments.output, arguments.is_forced); !checked)
    return std::unexpected(checked.error());
  if (arguments.mask.empty()) return std::nullopt;
  if (is_same_file(arguments.output, arguments.mask))
    return failure(ErrorCode::invalid_argument, "The label map and the mask need two files.");
  const auto format = plan_mask(arguments.mask, std::nullopt, arguments.is_forced);
  if (!format) return std::unexpected(format.error());
  return *format;
}

Expected<void> semantic(const Arguments& arguments) {
  const auto mask = plan(arguments);
  if (!mask) return std::unexpected(mask.error());
  auto options = session_options(arguments.model);
  if (!options) return std::unexpected(options.error());
  const auto model = open_model(arguments.model);
  if (!model) return std::unexpected(model.error());
  if (auto checked = check_task(*model, Task::semantic); !checked) return checked;
  const auto steps = parse_all(arguments, *model);
  if (!steps) return std::unexpected(steps.error());
  const auto classes =
      arguments.classes.empty() ? Expected<std::vector<int>>{} : parse_classes(arguments.classes, *model);
  if (!classes) return std::unexpected(classes.error());
  const auto answer = click_on(*model, std::move(*options), arguments.image, *steps);
  if (!answer) return std::unexpected(answer.error());
  const auto labels = answer->render();
  if (!labels) return std::unexpected(labels.error());
  const auto coverage = answer->render_classes(*classes, {0, 0, labels->width, labels->height});
  if (!coverage) return std::unexpected(coverage.error());
  if (auto written = write_labels(*labels, arguments.output); !written) return written;
  if (*mask)
    if (auto written = write_mask(*coverage, **mask); !written) return written;
  report(*answer, *model, arguments.is_json);
  if (!arguments.is_json) print_areas(*labels, *answer, *model);
  return {};
}

}  // namespace

void add_semantic_command(CLI::App& app, std::function<Expected<void>()>& run) {
  auto arguments = std::make_shared<Arguments>();
  arguments->model.model = "semantic-voc";
  CLI::App* command = app.add_subcommand("semantic", "Find what kinds of things a picture shows: writes their numbers");
  command->add_option("image", arguments->image, "the picture")->required()->type_name("IMAGE");
  command
      ->add_option(
          "--click", arguments->clicks,
          "a click: at X,Y there is CLASS (a name or number), or the same as at X2,Y2; a last number is how far "
          "it reaches, in pixels. Again for more")
      ->type_name("X,Y,CLASS|@X2,Y2[,R]")
      ->allow_extra_args(false);
  command
      ->add_option("--stroke", arguments->strokes,
                   "a line through places, of a class and a width in pixels; after the clicks")
      ->type_name("\"X,Y X,Y …\",CLASS,WIDTH")
      ->allow_extra_args(false);
  command->add_option("-o,--output", arguments->output, "the label map: a grey PNG file, each value a class's number")
      ->required()
      ->type_name("LABELS.png");
  command->add_option("--classes", arguments->classes, "classes that --mask is of, separated by commas")
      ->type_name("A,B");
  command->add_option("--mask", arguments->mask, "a soft mask of these classes")->type_name("MASK");
  add_model_options(*command, arguments->model);
  command->add_flag("--force", arguments->is_forced, "overwrite files");
  command->add_flag("--json", arguments->is_json, "print clicks, steps and times as JSON");
  command->callback([arguments, &run] { run = [arguments] { return semantic(*arguments); }; });
}

}  // namespace gbrs::cli
