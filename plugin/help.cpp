// SPDX-License-Identifier: GPL-3.0-or-later
#include "help.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

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

// A program that is being started; the window may be gone when it has.
struct Opening {
  GtkWindow* parent;  // null once it is destroyed
  std::string page;
  std::function<void(const std::string& message)> on_error;
};

void on_opened(GObject*, GAsyncResult* result, gpointer data) {
  const std::unique_ptr<Opening> opening{static_cast<Opening*>(data)};
  GError* error = nullptr;
  if (g_app_info_launch_default_for_uri_finish(result, &error) == FALSE) {
    if (opening->parent != nullptr) {
      opening->on_error(
          formatted(_("The help page %s could not be opened: %s"), opening->page.c_str(), error->message));
    }
    g_error_free(error);
  }
  if (opening->parent != nullptr) {
    g_object_remove_weak_pointer(G_OBJECT(opening->parent), reinterpret_cast<gpointer*>(&opening->parent));
  }
}

}  // namespace

// Not gtk_show_uri_on_window(), which keeps to itself that no program was found.
void open_help(GtkWindow* parent, std::function<void(const std::string& message)> on_error) {
  const fs::path page = help_page();
  if (page.empty()) {
    on_error(_("The help page is not installed."));
    return;
  }
  const std::string uri = "file://" + page.string();
  g_debug("help: %s", uri.c_str());
  auto* const opening = new Opening{.parent = parent, .page = page.string(), .on_error = std::move(on_error)};
  g_object_add_weak_pointer(G_OBJECT(parent), reinterpret_cast<gpointer*>(&opening->parent));
  GdkAppLaunchContext* const context = gdk_display_get_app_launch_context(gtk_widget_get_display(GTK_WIDGET(parent)));
  g_app_info_launch_default_for_uri_async(uri.c_str(), G_APP_LAUNCH_CONTEXT(context), nullptr, on_opened, opening);
  g_object_unref(context);
}

}  // namespace gbrs::plugin
