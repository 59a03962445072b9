// SPDX-License-Identifier: Apache-2.0
// The command line. Exit status: 0 done; 1 the work failed; 2 the arguments make no sense.

#include <babl/babl.h>
#include <vips/vips.h>

#include <exception>
#include <iostream>

#include "gbrs/version.hpp"
#include "segment_command.hpp"

namespace {

int fail(const gbrs::Error& error, bool is_verbose) {
  std::cerr << "gbrs: " << error.message << '\n';
  if (is_verbose && !error.detail.empty()) std::cerr << error.detail << '\n';
  return error.code == gbrs::ErrorCode::invalid_argument ? 2 : 1;
}

int run(int count, char** values) {
  CLI::App app("gbrs: interactive refinement of dense predictions (G-BRS)");
  app.set_version_flag("--version", std::string(gbrs::version()));
  app.require_subcommand(1);
  bool is_verbose = false;
  app.add_flag("--verbose", is_verbose, "with an error, print its technical detail");
  std::function<gbrs::Expected<void>()> command;
  gbrs::cli::add_segment_command(app, command);
  app.footer("Exit status: 0 done, 1 failed, 2 wrong arguments.");
  try {
    app.parse(count, values);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    std::cerr << "gbrs: " << error.what() << '\n';
    return 2;
  }
  const auto done = command();
  return done ? 0 : fail(done.error(), is_verbose);
}

}  // namespace

int main(int count, char** values) {
  if (VIPS_INIT(values[0]) != 0) {
    std::cerr << "gbrs: libvips cannot be started: " << vips_error_buffer();
    return 1;
  }
  vips_block_untrusted_set(TRUE);  // formats whose readers are not safe with hostile files
  g_log_set_handler("VIPS", G_LOG_LEVEL_MASK, [](const char*, GLogLevelFlags, const char*, void*) {}, nullptr);
  babl_init();
  try {
    return run(count, values);
  } catch (const std::exception& error) {
    std::cerr << "gbrs: " << error.what() << '\n';
    return 1;
  }
}
