// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtk/gtk.h>

namespace gbrs::plugin {

/// A spin button for a property, int or double, whose least value means that the engine chooses: there it shows the
/// word "automatic", which may be typed as well as the number. What is neither changes nothing. `step` and `page` are
/// what its arrows and Page Up and Down add; `digits` stand after the point. Enter takes what is written and emits
/// "activate".
GtkWidget* automatic_spin_button(GObject* config, const char* property, double step, double page, int digits = 0);

}  // namespace gbrs::plugin
