// SPDX-License-Identifier: GPL-3.0-or-later
#include "help.hpp"

#include <filesystem>
#include <string>

#include "translation.hpp"

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

}  // namespace

// Not gtk_show_uri_on_window(), which keeps to itself that no program was found.
Expected<void> open_help(GtkWindow* parent) {
  const fs::path page = help_page();
  if (page.empty()) return failure(ErrorCode::not_found, _("The help page is not installed."));
  const std::string uri = "file://" + page.string();
  g_debug("help: %s", uri.c_str());
  GdkAppLaunchContext* const context = gdk_display_get_app_launch_context(gtk_widget_get_display(GTK_WIDGET(parent)));
  GError* error = nullptr;
  const gboolean is_shown = g_app_info_launch_default_for_uri(uri.c_str(), G_APP_LAUNCH_CONTEXT(context), &error);
  g_object_unref(context);
  if (is_shown != FALSE) return {};
  const std::string reason = error->message;
  g_error_free(error);
  return failure(ErrorCode::unavailable,
                 formatted(_("The help page %s could not be opened: %s"), page.c_str(), reason.c_str()));
}

}  // namespace gbrs::plugin
