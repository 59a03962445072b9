// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/automatic_spin_button.hpp"

#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "base/translation.hpp"

namespace gbrs::plugin {
namespace {

double least_of(GtkSpinButton* button) {
  gdouble least = 0;
  gtk_spin_button_get_range(button, &least, nullptr);
  return least;
}

/// Without the differences that do not matter to whoever types.
std::string compared(const char* text) {
  gchar* const stripped = g_strstrip(g_strdup(text));
  gchar* const folded = g_utf8_casefold(stripped, -1);
  std::string form = folded;
  g_free(folded);
  g_free(stripped);
  return form;
}

gboolean on_output(GtkSpinButton* button, gpointer) {
  if (gtk_spin_button_get_value(button) > least_of(button)) return FALSE;  // GTK writes the number
  const char* const word = _("automatic");
  // setting the same would take away what is selected
  if (std::string_view(gtk_entry_get_text(GTK_ENTRY(button))) != word) gtk_entry_set_text(GTK_ENTRY(button), word);
  return TRUE;
}

gint on_input(GtkSpinButton* button, gdouble* value, gpointer) {
  const std::string text = compared(gtk_entry_get_text(GTK_ENTRY(button)));
  if (text == compared(_("automatic"))) {
    *value = least_of(button);
    return TRUE;
  }
  gchar* end = nullptr;
  g_strtod(text.c_str(), &end);
  if (end != text.c_str() && *end == '\0') return FALSE;  // GTK reads the number
  *value = gtk_spin_button_get_value(button);
  return TRUE;
}

/// GIMP's own class takes a first Enter for itself.
gboolean on_key(GtkWidget* button, GdkEventKey* event, gpointer) {
  if (event->keyval != GDK_KEY_Return && event->keyval != GDK_KEY_KP_Enter) return FALSE;
  gtk_spin_button_update(GTK_SPIN_BUTTON(button));
  g_signal_emit_by_name(button, "activate");
  return TRUE;
}

}  // namespace

GtkWidget* automatic_spin_button(GObject* config, const char* property, double step, double page, int digits) {
  GtkWidget* const button = gimp_prop_spin_button_new(config, property, step, page, digits);
  gtk_spin_button_set_numeric(GTK_SPIN_BUTTON(button), FALSE);  // which lets no letters in
  g_signal_connect(button, "output", G_CALLBACK(on_output), nullptr);
  g_signal_connect(button, "key-press-event", G_CALLBACK(on_key), nullptr);
  g_signal_connect_after(button, "input", G_CALLBACK(on_input), nullptr);  // GIMP's own class has the word before that
  const auto letters = static_cast<int>(g_utf8_strlen(_("automatic"), -1));
  gtk_entry_set_width_chars(GTK_ENTRY(button), std::max(letters, gtk_entry_get_width_chars(GTK_ENTRY(button))));
  gtk_spin_button_set_value(GTK_SPIN_BUTTON(button), gtk_spin_button_get_value(GTK_SPIN_BUTTON(button)));  // is written
  return button;
}

}  // namespace gbrs::plugin
