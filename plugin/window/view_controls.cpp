// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/view_controls.hpp"

#include <algorithm>
#include <utility>

#include "base/signal.hpp"
#include "base/translation.hpp"

namespace gbrs::plugin {
namespace {

constexpr double kButtonZoom = 1.5;

}  // namespace

ViewControls::ViewControls(WindowTool& tool, Canvas& canvas, const WindowLayout& layout,
                           std::function<void(const std::string&)> on_error)
    : tool_(tool), canvas_(canvas), layout_(layout), on_error_(std::move(on_error)) {
  connect();
  change_view();
}

void ViewControls::connect() {
  const auto on = [this](GtkWidget* widget, const char* signal, void (*callback)(GtkWidget*, gpointer)) {
    g_signal_connect(widget, signal, G_CALLBACK(callback), this);
  };
  on(layout_.fit, "clicked", Signal<&ViewControls::fit>::emitted);
  on(layout_.actual_size, "clicked", Signal<&ViewControls::actual_size>::emitted);
  on(layout_.zoom_in, "clicked", Signal<&ViewControls::zoom_in>::emitted);
  on(layout_.zoom_out, "clicked", Signal<&ViewControls::zoom_out>::emitted);
  on(layout_.view, "changed", Signal<&ViewControls::change_view>::emitted);
  on(layout_.show_clicks, "toggled", Signal<&ViewControls::show_list>::emitted);
  using Notified = void (*)(GObject*, GParamSpec*, gpointer);
  const auto on_notify = [this](gpointer object, const char* signal, Notified callback) {
    g_signal_connect(object, signal, G_CALLBACK(callback), this);
  };
  if (layout_.folded != nullptr) {
    on_notify(layout_.folded, "notify::expanded", Signal<&ViewControls::follow_folded>::notified);
  }
  on_notify(layout_.more, "notify::expanded", Signal<&ViewControls::follow_more>::notified);
}

bool ViewControls::obey(char letter) {
  const auto views = tool_.views();
  const auto view = std::ranges::find(views, letter, &ViewChoice::key);
  if (view == views.end()) return false;
  gtk_combo_box_set_active(GTK_COMBO_BOX(layout_.view), static_cast<int>(view - views.begin()));
  return true;
}

bool ViewControls::obey(Command command) {
  switch (command) {
    case Command::fit:
      fit();
      return true;
    case Command::actual_size:
      actual_size();
      return true;
    case Command::zoom_in:
      zoom_in();
      return true;
    case Command::zoom_out:
      zoom_out();
      return true;
    case Command::toggle_clicks:
      toggle_list();
      return true;
    case Command::compare_original:
      canvas_.scene().set_comparison(Scene::Comparison::original);
      return true;
    case Command::compare_previous:
      canvas_.scene().set_comparison(Scene::Comparison::previous);
      return true;
    default:
      return false;
  }
}

void ViewControls::zoom_in() { canvas_.zoom(kButtonZoom); }

void ViewControls::zoom_out() { canvas_.zoom(1 / kButtonZoom); }

void ViewControls::show_zoom() {
  constexpr double kPercent = 100;
  gint x = 0;
  gint y = 0;
  gtk_widget_translate_coordinates(canvas_.widget(), layout_.window, 0, 0, &x, &y);
  g_debug("view: %s", canvas_.describe_view(x, y).c_str());
  gtk_label_set_text(GTK_LABEL(layout_.zoom_label), formatted(_("%.0f %%"), canvas_.scale() * kPercent).c_str());
}

void ViewControls::change_view() {
  tool_.set_view(std::max(0, gtk_combo_box_get_active(GTK_COMBO_BOX(layout_.view))));
  show_view();
}

void ViewControls::toggle_list() {
  GtkToggleButton* const button = GTK_TOGGLE_BUTTON(layout_.show_clicks);
  gtk_toggle_button_set_active(button, !gtk_toggle_button_get_active(button));
}

void ViewControls::show_list() {
  const bool is_shown = gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(layout_.show_clicks)) != FALSE;
  // the keyboard is not to stay in what is hidden
  GtkWidget* const focus = gtk_window_get_focus(GTK_WINDOW(layout_.window));
  if (!is_shown && focus != nullptr && gtk_widget_is_ancestor(focus, layout_.side)) {
    gtk_widget_grab_focus(canvas_.widget());
  }
  layout_.show_side(is_shown);
}

}  // namespace gbrs::plugin
