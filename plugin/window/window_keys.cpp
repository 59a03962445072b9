// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/window_keys.hpp"

#include <utility>

#include "base/guard.hpp"

namespace gbrs::plugin {

WindowKeys::WindowKeys(GtkWidget* window, Callbacks callbacks) : window_(window), callbacks_(std::move(callbacks)) {
  g_signal_connect(window_, "key-press-event", G_CALLBACK(on_press), this);
  g_signal_connect(window_, "key-release-event", G_CALLBACK(on_release), this);
  g_signal_connect(window_, "focus-out-event", G_CALLBACK(on_focus_out), this);
}

WindowKeys::~WindowKeys() { g_signal_handlers_disconnect_by_data(window_, this); }

gboolean WindowKeys::on_press(GtkWidget* window, GdkEventKey* event, gpointer data) {
  const Callbacks& callbacks = static_cast<WindowKeys*>(data)->callbacks_;
  return guarded(FALSE, callbacks.error, [&] {
    GtkWidget* const focus = gtk_window_get_focus(GTK_WINDOW(window));
    if (GTK_IS_EDITABLE(focus) && is_for_text(*event)) return FALSE;
    const char letter = letter_of(*event);
    const bool is_ours = (letter != '\0' && callbacks.lettered(letter)) || callbacks.pressed(command_of(*event));
    return is_ours ? TRUE : FALSE;
  });
}

gboolean WindowKeys::on_release(GtkWidget* window, GdkEventKey* event, gpointer data) {
  GdkEventKey alone = *event;
  alone.state = 0;  // what is held beside it now was not when it was pressed
  const Command command = command_of(alone);
  if (command == Command::compare_original || command == Command::compare_previous) {
    on_focus_out(window, nullptr, data);
  }
  return FALSE;
}

gboolean WindowKeys::on_focus_out(GtkWidget*, GdkEvent*, gpointer data) {
  const Callbacks& callbacks = static_cast<WindowKeys*>(data)->callbacks_;
  guarded(false, callbacks.error, [&] {
    callbacks.comparison_ended();
    return true;
  });
  return FALSE;
}

}  // namespace gbrs::plugin
