// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/depth/focus_controls.hpp"

#include <utility>

#include "base/signal.hpp"
#include "base/translation.hpp"
#include "base/widgets.hpp"

namespace gbrs::plugin {
namespace {

constexpr double kPercent = 100;
constexpr double kUsual = 50;  // per cent of the blur

GtkWidget* slider(GtkWidget* grid, int row, const char* label, double most, double step, const char* tooltip) {
  GtkWidget* const text = gtk_label_new_with_mnemonic(label);
  gtk_label_set_xalign(GTK_LABEL(text), 0);
  GtkWidget* const made = gtk_scale_new_with_range(GTK_ORIENTATION_HORIZONTAL, 0, most, step);
  gtk_scale_set_value_pos(GTK_SCALE(made), GTK_POS_RIGHT);
  gtk_label_set_mnemonic_widget(GTK_LABEL(text), made);
  gtk_widget_set_tooltip_text(made, tooltip);
  gtk_widget_set_focus_on_click(made, FALSE);
  gtk_widget_set_hexpand(made, TRUE);
  gtk_grid_attach(GTK_GRID(grid), text, 0, row, 1, 1);
  gtk_grid_attach(GTK_GRID(grid), made, 1, row, 1, 1);
  return made;
}

}  // namespace

FocusControls::FocusControls(Callbacks callbacks) : callbacks_(std::move(callbacks)), box_(gtk_grid_new()) {
  g_object_ref_sink(box_);
  gtk_grid_set_row_spacing(GTK_GRID(box_), kSpacing / 2);
  gtk_grid_set_column_spacing(GTK_GRID(box_), kSpacing);
  follows_ = gtk_check_button_new_with_mnemonic(_("Focus under the _pointer"));
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(follows_), TRUE);
  gtk_widget_set_focus_on_click(follows_, FALSE);
  gtk_widget_set_tooltip_text(follows_, _("What the pointer is over is sharp"));
  gtk_grid_attach(GTK_GRID(box_), follows_, 0, 0, 2, 1);
  constexpr double kDepthStep = 0.05;
  depth_ = slider(box_, 1, _("Focus:"), 1, kDepthStep, _("How far away what is sharp is"));
  gtk_scale_set_digits(GTK_SCALE(depth_), 2);
  strength_ = slider(box_, 2, _("Blur:"), kPercent, 1, _("How blurred the rest is: how wide the lens is open"));
  gtk_range_set_value(GTK_RANGE(strength_), kUsual);
  g_signal_connect(depth_, "value-changed", G_CALLBACK(Signal<&FocusControls::move>::emitted), this);
  g_signal_connect(strength_, "value-changed", G_CALLBACK(Signal<&FocusControls::change>::emitted), this);
  gtk_widget_show_all(box_);
  gtk_widget_set_no_show_all(box_, TRUE);
  gtk_widget_hide(box_);
}

FocusControls::~FocusControls() { g_object_unref(box_); }

void FocusControls::set_range(const DepthScale& range) {
  if (!range.has_range()) return;
  is_setting_ = true;
  gtk_range_set_range(GTK_RANGE(depth_), range.near, range.far);
  // sharp at first: what lies in the middle of what a lens tells apart
  if (!std::exchange(has_range_, true)) {
    gtk_range_set_value(GTK_RANGE(depth_), 2 * range.near * range.far / (range.near + range.far));
  }
  is_setting_ = false;
}

void FocusControls::point(double depth) {
  if (gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(follows_)) == FALSE) return;
  const double before = focus().depth;
  is_setting_ = true;
  gtk_range_set_value(GTK_RANGE(depth_), depth);
  is_setting_ = false;
  if (focus().depth != before) callbacks_.changed();
}

Focus FocusControls::focus() const {
  return {gtk_range_get_value(GTK_RANGE(depth_)), gtk_range_get_value(GTK_RANGE(strength_)) / kPercent};
}

void FocusControls::move() {
  if (is_setting_) return;
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(follows_), FALSE);
  callbacks_.changed();
}

}  // namespace gbrs::plugin
