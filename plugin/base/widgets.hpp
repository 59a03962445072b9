// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtk/gtk.h>

// What the window and the tools' panels are built of.

namespace gbrs::plugin {

inline constexpr int kSpacing = 6;

inline void pack(GtkWidget* box, GtkWidget* child, bool expands = false) {
  gtk_box_pack_start(GTK_BOX(box), child, expands ? TRUE : FALSE, TRUE, 0);
}

/// A label, which names the widget for screen readers and by its Alt+letter, and the widget behind it. Returns the
/// widget.
inline GtkWidget* labelled(GtkWidget* box, const char* label, GtkWidget* widget, bool expands = false) {
  GtkWidget* const text = gtk_label_new_with_mnemonic(label);
  gtk_label_set_mnemonic_widget(GTK_LABEL(text), widget);
  pack(box, text);
  pack(box, widget, expands);
  return widget;
}

/// Text that breaks into lines, as wide as what it lies in.
inline GtkWidget* wrapped_label(const char* text) {
  GtkWidget* const label = gtk_label_new(text);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_line_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_max_width_chars(GTK_LABEL(label), 1);
  return label;
}

/// What a tool's widgets beside the picture lie in; the caller's, to be unreferenced.
inline GtkWidget* panel_box() {
  constexpr int kWidth = 236;  // logical pixels
  GtkWidget* const box = gtk_box_new(GTK_ORIENTATION_VERTICAL, kSpacing);
  g_object_ref_sink(box);
  gtk_widget_set_size_request(box, kWidth, -1);
  gtk_widget_set_hexpand(box, FALSE);  // whatever its parts wish: the picture has the room
  return box;
}

/// Shows a number in a spin button: setting the same one would take away what is being typed.
inline void set_number(GtkWidget* button, double number) {
  if (gtk_spin_button_get_value(GTK_SPIN_BUTTON(button)) == number) return;
  gtk_spin_button_set_value(GTK_SPIN_BUTTON(button), number);
}

inline GtkWidget* text_button(const char* label, const char* tooltip) {
  GtkWidget* const button = gtk_button_new_with_mnemonic(label);
  gtk_widget_set_tooltip_text(button, tooltip);
  return button;
}

/// Takes the keyboard only from who goes to it by Tab: the picture keeps its keys.
inline GtkWidget* toggle_button(const char* label, const char* tooltip) {
  GtkWidget* const button = gtk_toggle_button_new_with_mnemonic(label);
  gtk_widget_set_tooltip_text(button, tooltip);
  gtk_widget_set_focus_on_click(button, FALSE);
  return button;
}

}  // namespace gbrs::plugin
