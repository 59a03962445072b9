// SPDX-License-Identifier: Apache-2.0
#pragma once

// `gbrs bench`: what loading, encoding, a click's first answer and its refinement cost, through the same Session as
// the plug-in.

#include <CLI/CLI.hpp>
#include <functional>

#include "gbrs/error.hpp"

namespace gbrs::cli {

void add_bench_command(CLI::App& app, std::function<Expected<void>()>& run);

}  // namespace gbrs::cli
