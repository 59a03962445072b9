// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/depth/depth_panel.hpp"

#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

#include <cmath>
#include <utility>

#include "base/automatic_spin_button.hpp"
#include "base/signal.hpp"
#include "base/translation.hpp"
#include "base/widgets.hpp"

namespace gbrs::plugin {
namespace {

constexpr double kMostDepth = 1e6;
constexpr int kDigits = 7;  // of an entry

std::span<const ModeButtons::Choice> modes() {
  static const ModeButtons::Choice choices[] = {
      {_("How far it is (D)"),
       _("What you click on is as far away as the number says. A new click has the number that was found there: type "
         "another "
         "one, or turn the wheel over the mark. The right button takes the number below"),
       'd'},
      {_("As far as another place (E)"), _("Click on what is wrong, then on what is as far away"), 'e'},
      {_("Nearer or farther (U)"), _("The left button pushes nearer, the right one farther"), 'u'}};
  return choices;
}

gboolean on_depth_output(GtkSpinButton* entry, gpointer) {
  if (gtk_widget_get_sensitive(GTK_WIDGET(entry)) != FALSE) return FALSE;  // GTK writes the number
  gtk_entry_set_text(GTK_ENTRY(entry), "");
  return TRUE;
}

void write_again(GtkSpinButton* entry, GParamSpec*, gpointer) {
  gtk_spin_button_set_value(entry, gtk_spin_button_get_value(entry));
}

gboolean is_above_zero(GBinding*, const GValue* number, GValue* is_above, gpointer) {
  g_value_set_boolean(is_above, g_value_get_double(number) > 0 ? TRUE : FALSE);
  return TRUE;
}

}  // namespace

DepthPanel::DepthPanel(GimpProcedureConfig* config, Callbacks callbacks)
    : callbacks_(std::move(callbacks)),
      modes_(
          modes(), [this](int mode) { callbacks_.mode(static_cast<DepthMode>(mode)); }, callbacks_.error),
      legend_(callbacks_.error),
      focus_({.changed = callbacks_.focus, .error = callbacks_.error}),
      box_(panel_box()) {
  pack(box_, modes_.widget());
  build_depth();
  pack(box_, legend_.widget(), true);
  build_greys(config);
  pack(box_, focus_.widget());
  GtkWidget* const scope =
      wrapped_label(_("The network depth-rooms knows indoor rooms only: what it says of anything else means "
                      "nothing."));
  gtk_style_context_add_class(gtk_widget_get_style_context(scope), GTK_STYLE_CLASS_DIM_LABEL);
  pack(box_, scope);
}

DepthPanel::~DepthPanel() { g_object_unref(box_); }

void DepthPanel::build_depth() {
  constexpr double kStep = 0.1;
  depth_ = gtk_spin_button_new_with_range(0.01, kMostDepth, kStep);
  gtk_spin_button_set_digits(GTK_SPIN_BUTTON(depth_), 2);
  gtk_entry_set_width_chars(GTK_ENTRY(depth_), kDigits);
  g_signal_connect(depth_, "output", G_CALLBACK(on_depth_output), nullptr);
  g_signal_connect(depth_, "notify::sensitive", G_CALLBACK(write_again), nullptr);
  gtk_widget_set_tooltip_text(depth_, _("How far away the chosen click says it is (N: write a number, Enter: back)"));
  GtkWidget* const line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, kSpacing);
  labelled(line, _("D_epth:"), depth_, true);
  unit_ = gtk_label_new(nullptr);
  pack(line, unit_);
  pack(box_, line);
  here_ = wrapped_label("");
  pack(box_, here_);
  g_signal_connect(depth_, "value-changed", G_CALLBACK(Signal<&DepthPanel::change_depth>::emitted), this);
  g_signal_connect(depth_, "activate", G_CALLBACK(Signal<&DepthPanel::end_editing>::emitted), this);
}

void DepthPanel::build_greys(GimpProcedureConfig* config) {
  GtkWidget* const grid = greys_ = gtk_grid_new();
  gtk_grid_set_row_spacing(GTK_GRID(grid), kSpacing / 2);
  gtk_grid_set_column_spacing(GTK_GRID(grid), kSpacing);
  int row = 0;
  const auto add = [&](const char* label, GtkWidget* widget, const char* tooltip) {
    GtkWidget* const text = gtk_label_new_with_mnemonic(label);
    gtk_label_set_mnemonic_widget(GTK_LABEL(text), widget);
    gtk_label_set_xalign(GTK_LABEL(text), 0);
    gtk_widget_set_tooltip_text(widget, tooltip);
    gtk_widget_set_hexpand(widget, TRUE);
    gtk_grid_attach(GTK_GRID(grid), text, 0, row, 1, 1);
    gtk_grid_attach(GTK_GRID(grid), widget, 1, row++, 1, 1);
  };
  GObject* const object = G_OBJECT(config);
  add(_("_Near is:"), gimp_prop_choice_combo_box_new(object, "near"),
      _("Which end of the layer's grey values is near"));
  add(_("_Grey shows:"), gimp_prop_choice_combo_box_new(object, "scale"),
      _("What the layer's grey values are proportional to"));
  constexpr double kStep = 0.1;
  GtkWidget* const nearest = gimp_prop_spin_button_new(object, "nearest", kStep, 1, 2);
  gtk_entry_set_width_chars(GTK_ENTRY(nearest), kDigits);
  g_signal_connect(nearest, "output", G_CALLBACK(on_depth_output), nullptr);
  g_signal_connect(nearest, "notify::sensitive", G_CALLBACK(write_again), nullptr);
  g_object_bind_property_full(object, "farthest", nearest, "sensitive", G_BINDING_SYNC_CREATE, is_above_zero, nullptr,
                              nullptr, nullptr);
  add(_("Nearest:"), nearest, _("The depth at the near end"));
  add(_("_Farthest:"), automatic_spin_button(object, "farthest", kStep, 1, 2),
      _("The depth at the far end; automatic: both ends are the picture's own"));
  pack(box_, grid);
  gtk_widget_show_all(grid);
  gtk_widget_set_no_show_all(grid, TRUE);
}

void DepthPanel::show_focus(bool is_shown) {
  gtk_widget_set_visible(greys_, is_shown ? FALSE : TRUE);
  gtk_widget_set_visible(focus_.widget(), is_shown ? TRUE : FALSE);
}

void DepthPanel::set_unit(const std::string& unit) { gtk_label_set_text(GTK_LABEL(unit_), unit.c_str()); }

void DepthPanel::set_depth(double depth) {
  const bool was_setting = std::exchange(is_setting_, true);
  set_number(depth_, depth);
  is_setting_ = was_setting;
}

void DepthPanel::set_depth_sensitive(bool is_sensitive) { gtk_widget_set_sensitive(depth_, is_sensitive); }

void DepthPanel::edit_depth() {
  if (gtk_widget_get_sensitive(depth_) == FALSE) return;
  gtk_widget_grab_focus(depth_);
  gtk_editable_select_region(GTK_EDITABLE(depth_), 0, -1);
}

void DepthPanel::set_here(const std::string& text) { gtk_label_set_text(GTK_LABEL(here_), text.c_str()); }

void DepthPanel::change_depth() {
  if (!is_setting_) callbacks_.depth(gtk_spin_button_get_value(GTK_SPIN_BUTTON(depth_)));
}

}  // namespace gbrs::plugin
