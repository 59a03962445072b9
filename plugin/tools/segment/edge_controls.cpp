// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/segment/edge_controls.hpp"

#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

#include <utility>

#include "base/signal.hpp"
#include "base/translation.hpp"
#include "base/widgets.hpp"
#include "gimp/selecting.hpp"

namespace gbrs::plugin {

EdgeControls::EdgeControls(GimpProcedureConfig* config, std::function<void()> on_change,
                           std::function<void(const std::string&)> on_error)
    : config_(config), on_change_(std::move(on_change)), on_error_(std::move(on_error)) {
  reset();  // another object than the one that the last values were for
  expander_ = gtk_expander_new_with_mnemonic(_("Ad_just the edge"));
  g_object_ref_sink(expander_);
  gtk_widget_set_tooltip_text(expander_, _("Grow, shrink, feather and sharpen what the clicks have found (F8)"));
  GtkWidget* const column = gtk_box_new(GTK_ORIENTATION_VERTICAL, kSpacing);
  gtk_container_set_border_width(GTK_CONTAINER(column), kSpacing);
  GtkWidget* const entries[] = {
      entry("grow", _("_Grow (px):"), -kMostGrow, kMostGrow, _("Moves the edge outwards; to the left of 0 inwards")),
      entry("feather", _("_Feather (px):"), 0, kMostFeather, _("Makes the edge soft over so many pixels")),
      entry("contrast", _("Co_ntrast (%):"), 0, kMostContrast,
            _("Makes the edge harder; after feathering it smoothes"))};
  GtkSizeGroup* const labels = gtk_size_group_new(GTK_SIZE_GROUP_HORIZONTAL);
  for (GtkWidget* const one : entries) {
    pack(column, one);
    gtk_size_group_add_widget(labels, gimp_labeled_get_label(GIMP_LABELED(one)));
  }
  g_object_unref(labels);
  reset_ = text_button(_("R_eset"), _("Leave the edge as it was found"));
  gtk_widget_set_halign(reset_, GTK_ALIGN_END);
  gtk_widget_set_sensitive(reset_, FALSE);
  pack(column, reset_);
  gtk_container_add(GTK_CONTAINER(expander_), column);
  g_signal_connect(reset_, "clicked", G_CALLBACK(Signal<&EdgeControls::reset>::emitted), this);
  for (const char* const property : {"notify::grow", "notify::feather", "notify::contrast"}) {
    g_signal_connect(config_, property, G_CALLBACK(Signal<&EdgeControls::change>::notified), this);
  }
}

EdgeControls::~EdgeControls() {
  g_signal_handlers_disconnect_by_data(config_, this);
  g_object_unref(expander_);
}

GtkWidget* EdgeControls::entry(const char* property, const char* label, double least, double most,
                               const char* tooltip) {
  GtkWidget* const made = gimp_prop_scale_entry_new(G_OBJECT(config_), property, label, 1.0, FALSE, least, most);
  gtk_widget_set_tooltip_text(made, tooltip);
  // as wide as the others: their sliders are to begin and end at the same places
  constexpr int kCharacters = 6;
  gtk_entry_set_width_chars(GTK_ENTRY(gimp_label_spin_get_spin_button(GIMP_LABEL_SPIN(made))), kCharacters);
  return made;
}

Adjustments EdgeControls::adjustments() const { return adjustments_of(config_); }

void EdgeControls::toggle() {
  GtkExpander* const expander = GTK_EXPANDER(expander_);
  gtk_expander_set_expanded(expander, !gtk_expander_get_expanded(expander));
}

void EdgeControls::change() {
  gtk_widget_set_sensitive(reset_, !adjustments().is_neutral());
  on_change_();
}

void EdgeControls::reset() { g_object_set(config_, "grow", 0.0, "feather", 0.0, "contrast", 0.0, nullptr); }

}  // namespace gbrs::plugin
