// SPDX-License-Identifier: Apache-2.0
#pragma once

// `gbrs models list|inspect|import|add-script|remove`: which models there are, what is in a file of weights, models
// made of one or of a script.

#include <CLI/CLI.hpp>
#include <functional>

#include "gbrs/error.hpp"

namespace gbrs::cli {

void add_models_command(CLI::App& app, std::function<Expected<void>()>& run);

}  // namespace gbrs::cli
