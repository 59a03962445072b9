// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "gbrs/error.hpp"

namespace gbrs::cli {

/// `gbrs train segment`: adds the command to `app`; when it was given, `*run` becomes what does it.
void add_train_command(CLI::App& app, std::function<Expected<void>()>& run);

}  // namespace gbrs::cli
