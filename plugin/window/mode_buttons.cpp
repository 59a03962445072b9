// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/mode_buttons.hpp"

#include <algorithm>
#include <utility>

#include "base/signal.hpp"
#include "base/translation.hpp"
#include "base/widgets.hpp"

namespace gbrs::plugin {
namespace {

/// Themes write the chosen one bold. The room for that is there before, else a choice would move the picture.
void make_room_for_bold(GtkWidget* button) {
  GtkWidget* const label = gtk_bin_get_child(GTK_BIN(button));
  PangoAttrList* const bold = pango_attr_list_new();
  pango_attr_list_insert(bold, pango_attr_weight_new(PANGO_WEIGHT_BOLD));
  gtk_label_set_attributes(GTK_LABEL(label), bold);
  pango_attr_list_unref(bold);
  int width = 0;
  gtk_widget_get_preferred_width(label, nullptr, &width);
  gtk_label_set_attributes(GTK_LABEL(label), nullptr);
  gtk_widget_set_size_request(label, width, -1);
}

}  // namespace

ModeButtons::ModeButtons(std::span<const Choice> choices, std::function<void(int)> on_change,
                         std::function<void(const std::string&)> on_error)
    : on_change_(std::move(on_change)),
      on_error_(std::move(on_error)),
      box_(gtk_box_new(GTK_ORIENTATION_VERTICAL, kSpacing / 2)) {
  g_object_ref_sink(box_);
  pack(box_, wrapped_label(_("A click says:")));
  for (const Choice& choice : choices) {
    if (choice.heading != nullptr) pack(box_, wrapped_label(choice.heading));
    GtkRadioButton* const group = buttons_.empty() ? nullptr : GTK_RADIO_BUTTON(buttons_.front());
    GtkWidget* const button = gtk_radio_button_new_with_label_from_widget(group, choice.label);
    gtk_widget_set_tooltip_text(button, choice.tooltip);
    gtk_widget_set_focus_on_click(button, FALSE);
    make_room_for_bold(button);
    pack(box_, button);
    buttons_.push_back(button);
    keys_.push_back(choice.key);
    g_signal_connect(button, "toggled", G_CALLBACK(Signal<&ModeButtons::toggled>::emitted), this);
  }
}

// The buttons went with their window, which this outlives.
ModeButtons::~ModeButtons() { g_object_unref(box_); }

void ModeButtons::choose(int mode) {
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(buttons_.at(static_cast<std::size_t>(mode))), TRUE);
}

bool ModeButtons::obey(char letter) {
  const auto key = std::ranges::find(keys_, letter);
  if (key == keys_.end()) return false;
  choose(static_cast<int>(key - keys_.begin()));
  return true;
}

// Both the one that is left and the one that is chosen tell.
void ModeButtons::toggled() {
  const auto active = std::ranges::find_if(
      buttons_, [](GtkWidget* button) { return gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(button)) != FALSE; });
  const int mode = static_cast<int>(active - buttons_.begin());
  if (active != buttons_.end() && std::exchange(mode_, mode) != mode) on_change_(mode);
}

}  // namespace gbrs::plugin
