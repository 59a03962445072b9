// SPDX-License-Identifier: Apache-2.0
// The command line. Exit status: 0 done; 1 the work failed; 2 the arguments make no sense.

#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <iostream>

#include "batch_command.hpp"
#include "bench_command.hpp"
#include "depth_command.hpp"
#include "eval_command.hpp"
#include "gbrs/version.hpp"
#include "matte_command.hpp"
#include "models_command.hpp"
#include "picture_file.hpp"
#include "segment_command.hpp"
#include "semantic_command.hpp"
#include "train_command.hpp"

namespace {

int fail(const gbrs::Error& error, bool is_verbose) {
  std::cerr << "gbrs: " << error.message << '\n';
  if (is_verbose && !error.detail.empty()) std::cerr << error.detail << '\n';
  return error.code == gbrs::ErrorCode::invalid_argument ? 2 : 1;
}

/// libvips brings along OpenMP's library, which reads its settings while it is loaded, before main: so they are
/// set for a second start of the program. Otherwise waiting threads spin, and on busy processors a click takes
/// ten times as long (see prepare_environment() in models/loader.cpp).
void restart_with_waiting_threads(char** values) {
  if (std::getenv("OMP_WAIT_POLICY") != nullptr) return;
  setenv("OMP_WAIT_POLICY", "passive", 0);
  execv("/proc/self/exe", values);  // comes back only if there is no /proc; slower then, no less right
}

int run(int count, char** values) {
  CLI::App app("gbrs: interactive refinement of dense predictions (G-BRS)");
  app.set_version_flag("--version", std::string(gbrs::version()));
  app.require_subcommand(1);
  bool is_verbose = false;
  app.add_flag("--verbose", is_verbose, "with an error, print its technical detail");
  std::function<gbrs::Expected<void>()> command;
  gbrs::cli::add_segment_command(app, command);
  gbrs::cli::add_semantic_command(app, command);
  gbrs::cli::add_depth_command(app, command);
  gbrs::cli::add_matte_command(app, command);
  gbrs::cli::add_batch_command(app, command);
  gbrs::cli::add_bench_command(app, command);
  gbrs::cli::add_eval_command(app, command);
  gbrs::cli::add_train_command(app, command);
  gbrs::cli::add_models_command(app, command);
  app.footer("Exit status: 0 done, 1 failed, 2 wrong arguments.");
  try {
    app.parse(count, values);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    std::cerr << "gbrs: " << error.what() << '\n';
    return 2;
  }
  restart_with_waiting_threads(values);
  gbrs::cli::start_picture_libraries(values[0]);
  const auto done = command();
  return done ? 0 : fail(done.error(), is_verbose);
}

}  // namespace

int main(int count, char** values) {
  try {
    return run(count, values);
  } catch (const std::bad_alloc&) {
    std::cerr << "gbrs: There is not enough memory.\n";
  } catch (const std::exception& error) {
    std::cerr << "gbrs: " << error.what() << '\n';
  }
  return 1;
}
