// SPDX-License-Identifier: Apache-2.0
#include "models_command.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <format>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "gbrs/model.hpp"
#include "gbrs/script_file.hpp"
#include "gbrs/weights_file.hpp"

namespace gbrs::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct Arguments {
  std::string name;
  ImportOptions import;
  std::string manifest;
  bool is_agreed = false;  ///< --yes
  bool is_json = false;
};

void print(const Json& document) { std::cout << document.dump(2, ' ', false, Json::error_handler_t::replace) << '\n'; }

Json described(const ModelInfo& info) {
  return {{"name", info.name},
          {"task", info.task},
          {"architecture", info.architecture},
          {"runs_code", is_script(info)},
          {"license", info.license},
          {"weights_sha256", info.weights_sha256},
          {"folder", info.folder.string()}};
}

/// What is told apart from networks that are part of this program.
std::string kind_of(const ModelInfo& info) { return is_script(info) ? "script (runs code)" : info.architecture; }

void tell(const ModelInfo& info, bool is_json) {
  if (is_json)
    print(described(info));
  else
    std::cout << std::format("{} ({}, {}) is in {}\n", info.name, info.task, kind_of(info), info.folder.string());
}

Expected<void> list(const Arguments& arguments) {
  const auto models = list_models();
  if (arguments.is_json) {
    Json document = Json::array();
    for (const ModelInfo& info : models) document.push_back(described(info));
    print({{"models", document}});
    return {};
  }
  for (const ModelInfo& info : models) {
    std::cout << std::format("{:<24} {:<9} {:<26} {}\n{:>24} {}\n", info.name, info.task, kind_of(info),
                             info.folder.string(), "", info.license);
  }
  return {};
}

std::string shape_text(const WeightsTensor& tensor) {
  std::string text;
  for (const auto length : tensor.shape) text += (text.empty() ? "" : "x") + std::to_string(length);
  return text.empty() ? "-" : text;
}

/// A script is shown without being run: what its manifest says, and the file.
Expected<void> inspect_script(const ModelInfo& info, bool is_json) {
  std::error_code error;
  const std::uintmax_t bytes = fs::file_size(script_path(info), error);
  if (error) return failure(ErrorCode::io, std::format("The file {} cannot be read.", script_path(info).string()));
  if (is_json) {
    Json document = described(info);
    document["bytes"] = bytes;
    print({{"script", document}});
  } else {
    std::cout << std::format("{}, {}, {} bytes, SHA-256 {}, in {}\n", info.task, kind_of(info), bytes,
                             info.weights_sha256, script_path(info).string());
  }
  return {};
}

/// A model by its name or folder; none: a file of weights, whose reader says what is wrong with it.
Expected<std::optional<ModelInfo>> model_of(const std::string& name) {
  std::error_code ignored;
  if (fs::is_regular_file(name, ignored)) return std::nullopt;
  const auto model = Model::open(name);
  if (model) return model->info();
  const bool is_path = name.find('/') != std::string::npos || name.find('.') != std::string::npos;
  if (is_path && model.error().code != ErrorCode::unsupported) return std::nullopt;
  return std::unexpected(model.error());
}

Expected<void> inspect(const Arguments& arguments) {
  const auto model = model_of(arguments.name);
  if (!model) return std::unexpected(model.error());
  if (*model && is_script(**model)) return inspect_script(**model, arguments.is_json);
  const fs::path path = *model ? (*model)->folder / "weights.safetensors" : fs::path(arguments.name);
  const auto tensors = inspect_weights(path);
  if (!tensors) return std::unexpected(tensors.error());
  if (arguments.is_json) {
    Json document = Json::array();
    for (const WeightsTensor& tensor : *tensors) {
      document.push_back(
          {{"name", tensor.name}, {"shape", tensor.shape}, {"dtype", tensor.dtype}, {"sum", tensor.sum}});
    }
    print({{"tensors", document}});
    return {};
  }
  for (const WeightsTensor& tensor : *tensors) {
    std::cout << std::format("{:<60} {:<9} {:<18} sum {:.6g}\n", tensor.name, tensor.dtype, shape_text(tensor),
                             tensor.sum);
  }
  std::cout << std::format("{} tensors in {}\n", tensors->size(), path.string());
  return {};
}

Expected<void> import(const Arguments& arguments) {
  const auto info = import_model(arguments.name, arguments.import);
  if (!info) return std::unexpected(info.error());
  tell(*info, arguments.is_json);
  return {};
}

/// Names the risk, and has it taken by --yes or by an answer on a terminal.
Expected<void> agree_to_run(const Arguments& arguments) {
  std::cerr << std::format(
      "A TorchScript module is a program: {} runs with your rights now and whenever its model is used, and may read, "
      "change and send whatever you may.\nAdd it only if you trust those whom you have it from.\n",
      arguments.name);
  if (arguments.is_agreed) return {};
  if (isatty(STDIN_FILENO) == 0 || isatty(STDERR_FILENO) == 0)
    return failure(ErrorCode::invalid_argument, "Nobody can be asked here whether the script may run: --yes says so.");
  std::cerr << "Add it? [y/N] ";
  std::string answer;
  std::getline(std::cin, answer);
  if (answer == "y" || answer == "Y" || answer == "yes") return {};
  return failure(ErrorCode::unavailable, std::format("The script {} was not added.", arguments.name));
}

Expected<void> add_script_model(const Arguments& arguments) {
  if (auto agreed = agree_to_run(arguments); !agreed) return agreed;
  const auto info = add_script(arguments.name, arguments.manifest, arguments.import.name);
  if (!info) return std::unexpected(info.error());
  tell(*info, arguments.is_json);
  return {};
}

Expected<void> remove(const Arguments& arguments) {
  if (auto removed = remove_model(arguments.name); !removed) return removed;
  if (arguments.is_json) print({{"removed", arguments.name}});
  return {};
}

}  // namespace

void add_models_command(CLI::App& app, std::function<Expected<void>()>& run) {
  auto* const command = app.add_subcommand("models", "which models there are, and what is in a file of weights");
  command->require_subcommand(1);
  const auto arguments = std::make_shared<Arguments>();
  auto* const listing = command->add_subcommand("list", "the models that are found, with their licences");
  listing->add_flag("--json", arguments->is_json, "as JSON");
  listing->callback([&run, arguments] { run = [arguments] { return list(*arguments); }; });
  auto* const inspecting = command->add_subcommand(
      "inspect", "the tensors of a model, a safetensors file or a PyTorch checkpoint, of which nothing is run");
  inspecting->add_option("FILE", arguments->name, "a file of weights, or a model's name or folder")->required();
  inspecting->add_flag("--json", arguments->is_json, R"(as JSON: {"tensors": [{"name", "shape", "dtype", "sum"}]})");
  inspecting->callback([&run, arguments] { run = [arguments] { return inspect(*arguments); }; });
  auto* const importing = command->add_subcommand(
      "import", "make a model of a safetensors file or a PyTorch checkpoint of a network that is known");
  importing->add_option("FILE", arguments->name, "the file of weights")->required();
  importing->add_option("--as", arguments->import.name, "the model's name; else the file's")->type_name("NAME");
  importing->add_option("--license", arguments->import.license, "the weights' licence, for the manifest");
  importing->add_option("--folder", arguments->import.folder,
                        "where the model's folder comes to; else to your own models");
  importing->add_flag("--half", arguments->import.has_half_weights, "keep the weights as 16-bit floats");
  importing->add_flag("--json", arguments->is_json, "print the model as JSON");
  importing->callback([&run, arguments] { run = [arguments] { return import(*arguments); }; });
  auto* const adding = command->add_subcommand(
      "add-script", "make a model of a TorchScript module, a program that runs with your rights whenever it is used");
  adding->add_option("FILE", arguments->name, "the module, with methods encode and decode")->required();
  adding->add_option("--manifest", arguments->manifest, "what it is for and where layers go (docs/scripts.md)")
      ->required()
      ->type_name("FILE.json");
  adding->add_option("--as", arguments->import.name, "the model's name; else the file's")->type_name("NAME");
  adding->add_flag("--yes", arguments->is_agreed, "you trust the module; else you are asked");
  adding->add_flag("--json", arguments->is_json, "print the model as JSON");
  adding->callback([&run, arguments] { run = [arguments] { return add_script_model(*arguments); }; });
  auto* const removing = command->add_subcommand("remove", "remove one of your own models");
  removing->add_option("NAME", arguments->name, "the model")->required();
  removing->add_flag("--json", arguments->is_json, "as JSON");
  removing->callback([&run, arguments] { run = [arguments] { return remove(*arguments); }; });
}

}  // namespace gbrs::cli
