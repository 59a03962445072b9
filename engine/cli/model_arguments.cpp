// SPDX-License-Identifier: Apache-2.0
#include "model_arguments.hpp"

namespace gbrs::cli {

void add_model_options(CLI::App& command, ModelArguments& arguments) {
  command.add_option("--model", arguments.model, "name or folder of a model")->capture_default_str();
  command.add_option("--layer", arguments.layer, "what refinement optimises: sb, bmsb, bmsb-m, bmconv, rgb (the input), or none")
      ->capture_default_str();
  command.add_option("--device", arguments.device, "auto, cpu or cuda")->capture_default_str();
  command.add_option("--threads", arguments.threads, "computing threads; 0: all processors")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  command
      .add_option("--set", arguments.settings, "KEY=VALUE, an option of the method (gbrs/method.hpp). Again for more")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
}

Expected<SessionOptions> session_options(const ModelArguments& arguments) {
  const auto layer = parse_layer_type(arguments.layer);
  if (!layer) return std::unexpected(layer.error());
  SessionOptions options{.layer = *layer};
  for (const std::string& setting : arguments.settings)
    if (const auto set = set_option(options.method, setting); !set) return std::unexpected(set.error());
  return options;
}

Expected<Model> open_model(const ModelArguments& arguments) {
  const auto device = parse_device(arguments.device);
  if (!device) return std::unexpected(device.error());
  return Model::open(arguments.model, {.device = *device, .threads = arguments.threads});
}

}  // namespace gbrs::cli
