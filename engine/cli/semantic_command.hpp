// SPDX-License-Identifier: Apache-2.0
#pragma once

// `gbrs semantic`: the classes of a picture's pixels, corrected by clicks and strokes.

#include <CLI/CLI.hpp>
#include <functional>

#include "gbrs/error.hpp"

namespace gbrs::cli {

void add_semantic_command(CLI::App& app, std::function<Expected<void>()>& run);

}  // namespace gbrs::cli
