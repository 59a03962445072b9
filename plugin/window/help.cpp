// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/help.hpp"

#include <gio/gio.h>
#include <spawn.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/translation.hpp"
#include "gbrs/error.hpp"

namespace gbrs::plugin {
namespace {

namespace fs = std::filesystem;

// FOLDER/help/LANGUAGE/index.html beside the program; empty if there is none.
fs::path help_page() {
  std::error_code error;
  const fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path() / "help";
  for (const gchar* const* language = g_get_language_names(); *language != nullptr; ++language) {
    if (fs::path page = folder / *language / "index.html"; fs::exists(page, error)) return page;
  }
  fs::path page = folder / "en" / "index.html";
  return fs::exists(page, error) ? page : fs::path{};
}

// A program's command line with its field codes replaced; a page that it has no code for comes last.
std::vector<std::string> expanded(gchar** words, const std::string& uri) {
  std::vector<std::string> arguments;
  bool has_page = false;
  for (gchar** word = words; *word != nullptr; ++word) {
    const std::string_view text = *word;
    if (text.size() != 2 || text[0] != '%') {
      arguments.emplace_back(text);
    } else if (std::string_view{"uUfF"}.contains(text[1])) {
      arguments.push_back(uri);
      has_page = true;
    }  // an icon, a name: it can do without
  }
  if (!has_page) arguments.push_back(uri);
  return arguments;
}

void forget(GPid process, gint, gpointer) { g_spawn_close_pid(process); }

// Not by GIO, which forks: OpenBLAS waits then for its threads, for ever when they are computing. What is spawned so
// does not run its handler. Errors: io, with the system's words.
Expected<void> spawn(const std::vector<std::string>& arguments) {
  std::vector<char*> words;
  for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);  // the pipes to GIMP among others
  pid_t process = 0;
  const int problem = posix_spawnp(&process, words.front(), &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (problem != 0) return failure(ErrorCode::io, g_strerror(problem));
  g_child_watch_add(process, forget, nullptr);
  return {};
}

Expected<void> show_page(const std::string& uri) {
  GFile* const file = g_file_new_for_uri(uri.c_str());
  GError* error = nullptr;
  GAppInfo* const program = g_file_query_default_handler(file, nullptr, &error);
  g_object_unref(file);
  gchar** words = nullptr;
  if (program != nullptr) {
    const char* const line = g_app_info_get_commandline(program);
    g_shell_parse_argv(line != nullptr ? line : g_app_info_get_executable(program), nullptr, &words, &error);
    g_object_unref(program);
  }
  if (words == nullptr) {
    auto failed = failure(ErrorCode::io, error->message);
    g_error_free(error);
    return failed;
  }
  auto spawned = spawn(expanded(words, uri));
  g_strfreev(words);
  return spawned;
}

}  // namespace

void open_help(const std::function<void(const std::string& message)>& on_error) {
  const fs::path page = help_page();
  if (page.empty()) {
    on_error(_("The help page is not installed."));
    return;
  }
  const std::string uri = "file://" + page.string();
  g_debug("help: %s", uri.c_str());
  if (const auto shown = show_page(uri); !shown) {
    on_error(formatted(_("The help page %s could not be opened: %s"), page.c_str(), shown.error().message.c_str()));
  }
}

}  // namespace gbrs::plugin
