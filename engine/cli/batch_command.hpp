// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>

#include "gbrs/error.hpp"

namespace gbrs::cli {

/// `gbrs batch`: adds the command to `app`; when it was given, `*run` becomes what does it.
void add_batch_command(CLI::App& app, std::function<Expected<void>()>& run);

}  // namespace gbrs::cli
