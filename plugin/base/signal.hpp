// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtk/gtk.h>

#include <string>

#include "base/guard.hpp"

namespace gbrs::plugin {

/// A method without parameters as a GTK callback; a failure becomes a message. The object has show_error().
template <auto method>
struct Signal;

template <class Object, void (Object::*method)()>
struct Signal<method> {
  static void call(gpointer data) {
    auto* const self = static_cast<Object*>(data);
    guarded(false, [self](const std::string& text) { self->show_error(text); },
            [self] {
              (self->*method)();
              return true;
            });
  }
  static void emitted(GtkWidget*, gpointer data) { call(data); }            ///< for "clicked" and the like
  static void notified(GObject*, GParamSpec*, gpointer data) { call(data); }  ///< for "notify::..."
};

}  // namespace gbrs::plugin
