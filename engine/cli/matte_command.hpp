// SPDX-License-Identifier: Apache-2.0
#pragma once

// `gbrs matte`: how opaque an object's pixels are, corrected by clicks.

#include <CLI/CLI.hpp>
#include <functional>

#include "gbrs/error.hpp"

namespace gbrs::cli {

void add_matte_command(CLI::App& app, std::function<Expected<void>()>& run);

}  // namespace gbrs::cli
