// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtk/gtk.h>

#include <functional>
#include <string>

#include "window/shortcuts.hpp"

namespace gbrs::plugin {

/// The keys of a window, as commands. The window outlives this.
class WindowKeys final {
 public:
  struct Callbacks {
    std::function<bool(char letter)> lettered;     ///< asked first; false: the letter means nothing to the task
    std::function<bool(Command command)> pressed;  ///< false: the key is for somebody else
    std::function<void()> comparison_ended;        ///< its key was released, or nobody would tell us
    std::function<void(const std::string& message)> error;
  };

  WindowKeys(GtkWidget* window, Callbacks callbacks);
  WindowKeys(const WindowKeys&) = delete;
  WindowKeys& operator=(const WindowKeys&) = delete;
  ~WindowKeys();

 private:
  static gboolean on_press(GtkWidget* window, GdkEventKey* event, gpointer self);
  static gboolean on_release(GtkWidget*, GdkEventKey* event, gpointer self);
  static gboolean on_focus_out(GtkWidget*, GdkEvent*, gpointer self);

  GtkWidget* window_;
  Callbacks callbacks_;
};

}  // namespace gbrs::plugin
