// SPDX-License-Identifier: Apache-2.0
#pragma once

// What commands that click with a model have in common: which model, refined how, computed where.

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "gbrs/error.hpp"
#include "gbrs/model.hpp"
#include "gbrs/session.hpp"

namespace gbrs::cli {

struct ModelArguments {
  std::string model = "segment-small";
  std::string layer = "bmconv";
  std::string device = "auto";
  int threads = 0;  ///< 0: all processors
  std::vector<std::string> settings;
};

/// --model, --layer, --device, --threads, --set.
void add_model_options(CLI::App& command, ModelArguments& arguments);

/// Layer and settings. Errors: invalid_argument.
Expected<SessionOptions> session_options(const ModelArguments& arguments);

/// Errors: invalid_argument (device), those of Model::open.
Expected<Model> open_model(const ModelArguments& arguments);

}  // namespace gbrs::cli
