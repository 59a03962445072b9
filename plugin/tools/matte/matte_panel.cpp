// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/matte/matte_panel.hpp"

#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

#include <utility>

#include "base/automatic_spin_button.hpp"
#include "base/signal.hpp"
#include "base/translation.hpp"
#include "base/widgets.hpp"

namespace gbrs::plugin {
namespace {

std::span<const ModeButtons::Choice> modes() {
  static const ModeButtons::Choice choices[kMatteModes] = {
      {_("How opaque it is (D)"),
       _("The left button says the number below, the right one 0. The wheel over the mark changes its number"), 'd'},
      {_("As opaque as another place (E)"), _("Click on what is wrong, then on what is as opaque"), 'e'},
      {_("More or less opaque (U)"), _("The left button makes it more opaque, the right one less"), 'u'},
      {_("The object (K)"),
       _("What is painted is wholly the object, with the right button the background. Clicks beneath go away"), 'k',
       _("The brush paints what is known:")},
      {_("The background (X)"),
       _("What is painted is the background, with the right button wholly the object. Clicks beneath go away"), 'x'},
      {_("Unknown (G)"), _("What is painted is to be found out: hair, fur, glass, blurred edges"), 'g'}};
  return choices;
}

}  // namespace

MattePanel::MattePanel(GimpProcedureConfig* config, Callbacks callbacks)
    : callbacks_(std::move(callbacks)),
      modes_(
          modes(), [this](int mode) { callbacks_.mode(static_cast<MatteMode>(mode)); }, callbacks_.error),
      box_(panel_box()) {
  pack(box_, modes_.widget());
  build_opacity();
  build_known(config);
}

MattePanel::~MattePanel() { g_object_unref(box_); }

void MattePanel::build_opacity() {
  constexpr double kStep = 0.05;
  GtkAdjustment* const number = gtk_adjustment_new(1, 0, 1, kStep, 2 * kStep, 0);
  GtkWidget* const slider = gtk_scale_new(GTK_ORIENTATION_HORIZONTAL, number);
  gtk_scale_set_draw_value(GTK_SCALE(slider), FALSE);
  gtk_widget_set_focus_on_click(slider, FALSE);
  alpha_ = gtk_spin_button_new(number, kStep, 2);
  whose_ = wrapped_label("");
  opacity_ = gtk_box_new(GTK_ORIENTATION_VERTICAL, kSpacing / 2);
  pack(opacity_, whose_);
  GtkWidget* const line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, kSpacing);
  labelled(line, _("O_pacity:"), alpha_);
  pack(opacity_, line);
  pack(opacity_, slider);
  for (GtkWidget* const widget : {alpha_, slider}) {
    gtk_widget_set_tooltip_text(widget, _("0 is the background, 1 the object (N: write a number, Enter: back)"));
  }
  pack(box_, opacity_);
  here_ = wrapped_label("");
  pack(box_, here_);
  g_signal_connect(alpha_, "value-changed", G_CALLBACK(Signal<&MattePanel::change_alpha>::emitted), this);
  g_signal_connect(alpha_, "activate", G_CALLBACK(Signal<&MattePanel::end_editing>::emitted), this);
  g_signal_connect(slider, "button-press-event", G_CALLBACK(on_slider_pressed), this);
  g_signal_connect(slider, "button-release-event", G_CALLBACK(on_slider_released), this);
}

void MattePanel::build_known(GimpProcedureConfig* config) {
  known_ = gtk_box_new(GTK_ORIENTATION_VERTICAL, kSpacing);
  pack(known_, wrapped_label(_("What is unknown before anything is painted:")));
  GtkWidget* const line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, kSpacing);
  GtkWidget* const band = labelled(line, _("Ba_nd (px):"), automatic_spin_button(G_OBJECT(config), "band", 1, 10, 1));
  gtk_widget_set_tooltip_text(band, _("How many pixels on both sides of the edge, and of what is soft, are looked at; "
                                      "automatic: what suits the object's size"));
  g_signal_connect(band, "activate", G_CALLBACK(Signal<&MattePanel::end_editing>::emitted), this);
  pack(known_, line);
  GtkWidget* const keep = gimp_prop_check_button_new(G_OBJECT(config), "keep", _("_Keep existing opacity"));
  gtk_widget_set_tooltip_text(
      keep, _("Go on from the opacity that the start has already, which clicks then change, instead of the network's"));
  gtk_widget_set_focus_on_click(keep, FALSE);
  pack(known_, keep);
  pack(box_, known_);
}

void MattePanel::set_alpha(double alpha, bool is_of_click) {
  if (is_dragged_) return;
  const bool was_setting = std::exchange(is_setting_, true);
  set_number(alpha_, alpha);
  gtk_label_set_text(GTK_LABEL(whose_), is_of_click ? _("The chosen click:") : _("The next click:"));
  is_setting_ = was_setting;
}

void MattePanel::set_alpha_sensitive(bool is_sensitive) {
  gtk_widget_set_sensitive(opacity_, is_sensitive);
  if (!is_sensitive) is_dragged_ = false;  // nobody tells that it is let go then
}

void MattePanel::edit_alpha() {
  if (gtk_widget_get_sensitive(opacity_) == FALSE) return;
  gtk_widget_grab_focus(alpha_);
  gtk_editable_select_region(GTK_EDITABLE(alpha_), 0, -1);
}

void MattePanel::set_here(const std::string& text) { gtk_label_set_text(GTK_LABEL(here_), text.c_str()); }

void MattePanel::change_alpha() {
  if (is_setting_ || is_dragged_) return;
  // the slider stops anywhere
  callbacks_.alpha(rounded_alpha(gtk_spin_button_get_value(GTK_SPIN_BUTTON(alpha_))));
}

gboolean MattePanel::on_slider_pressed(GtkWidget*, GdkEventButton* event, gpointer self) {
  if (event->button == GDK_BUTTON_PRIMARY) static_cast<MattePanel*>(self)->is_dragged_ = true;
  return FALSE;
}

gboolean MattePanel::on_slider_released(GtkWidget*, GdkEventButton* event, gpointer self) {
  auto* const panel = static_cast<MattePanel*>(self);
  if (event->button != GDK_BUTTON_PRIMARY || !std::exchange(panel->is_dragged_, false)) return FALSE;
  Signal<&MattePanel::change_alpha>::call(panel);
  return FALSE;
}

}  // namespace gbrs::plugin
