// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "gbrs/error.hpp"

namespace gbrs::cli {

/// `gbrs eval segment`, `semantic`, `depth`, `matte`, `sweep` and `compare`: adds the commands to `app`; when one was
/// given, `run` becomes what does it.
void add_eval_command(CLI::App& app, std::function<Expected<void>()>& run);

/// `gbrs eval segment`, below `eval`.
void add_eval_segment_command(CLI::App& eval, std::function<Expected<void>()>& run);
/// `gbrs eval semantic`, below `eval`.
void add_eval_semantic_command(CLI::App& eval, std::function<Expected<void>()>& run);
/// `gbrs eval depth`, below `eval`.
void add_eval_depth_command(CLI::App& eval, std::function<Expected<void>()>& run);
/// `gbrs eval matte`, below `eval`.
void add_eval_matte_command(CLI::App& eval, std::function<Expected<void>()>& run);
/// `gbrs eval sweep`, below `eval`.
void add_eval_sweep_command(CLI::App& eval, std::function<Expected<void>()>& run);
/// `gbrs eval compare`, below `eval`.
void add_eval_compare_command(CLI::App& eval, std::function<Expected<void>()>& run);

}  // namespace gbrs::cli
