// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/click_list.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/guard.hpp"
#include "base/translation.hpp"
#include "base/widgets.hpp"

namespace gbrs::plugin {
namespace {

constexpr int kWidth = 300;  // logical pixels
constexpr double kMostRadius = 10000;

enum Column { number, kind, radius, state, column_count };

std::string radius_text(const Marker& marker) {
  if (marker.box) {
    return formatted(_("%.0f × %.0f px"), marker.box->right - marker.box->left, marker.box->bottom - marker.box->top);
  }
  if (!marker.radius) return _("automatic");
  return formatted(marker.is_radius_given ? _("%.0f px") : _("%.0f px (automatic)"), *marker.radius);
}

GtkWidget* button(const char* label, const char* tooltip) {
  GtkWidget* const made = gtk_button_new_with_label(label);
  gtk_widget_set_tooltip_text(made, tooltip);
  return made;
}

}  // namespace

bool ClickList::Row::operator==(const Row& other) const {
  return kind == other.kind && can_flip == other.can_flip && marker.look == other.marker.look &&
         marker.box == other.marker.box && marker.radius == other.marker.radius &&
         marker.is_radius_given == other.marker.is_radius_given && state == other.state;
}

ClickList::ClickList(const char* flip_label, const char* flip_tooltip, Callbacks callbacks)
    : callbacks_(std::move(callbacks)),
      store_(gtk_list_store_new(column_count, G_TYPE_INT, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING)),
      widget_(gtk_box_new(GTK_ORIENTATION_VERTICAL, kSpacing)) {
  g_object_ref_sink(widget_);
  gtk_widget_set_size_request(widget_, kWidth, -1);
  build_view();
  build_radius();
  build_buttons(flip_label, flip_tooltip);
  show_buttons();
}

ClickList::~ClickList() {
  g_signal_handlers_disconnect_by_data(selection_, this);
  g_object_unref(selection_);
  for (GtkWidget* const widget : {view_, radius_, flip_, automatic_, remove_}) {
    g_signal_handlers_disconnect_by_data(widget, this);
    g_object_unref(widget);
  }
  g_object_unref(widget_);
  g_object_unref(store_);
}

void ClickList::build_view() {
  view_ = gtk_tree_view_new_with_model(GTK_TREE_MODEL(store_));
  g_object_ref_sink(view_);
  gtk_tree_view_set_enable_search(GTK_TREE_VIEW(view_), FALSE);  // letters are the window's shortcuts
  gtk_tree_view_set_tooltip_column(GTK_TREE_VIEW(view_), state);
  atk_object_set_name(gtk_widget_get_accessible(view_), _("Clicks"));
  // what is long is cut, so that every column is seen; the tooltip has the whole of the last one
  add_column(_("No."), number);
  add_column(_("Click"), kind, 11);
  add_column(_("Radius"), radius);
  add_column(_("Obeyed"), state, 6);
  GtkWidget* const scrolled = gtk_scrolled_window_new(nullptr, nullptr);
  gtk_scrolled_window_set_shadow_type(GTK_SCROLLED_WINDOW(scrolled), GTK_SHADOW_IN);
  gtk_container_add(GTK_CONTAINER(scrolled), view_);
  gtk_box_pack_start(GTK_BOX(widget_), scrolled, TRUE, TRUE, 0);
  // kept, because a destroyed view has none
  selection_ = GTK_TREE_SELECTION(g_object_ref(gtk_tree_view_get_selection(GTK_TREE_VIEW(view_))));
  g_signal_connect(selection_, "changed", G_CALLBACK(on_selected), this);
  g_signal_connect(view_, "row-activated", G_CALLBACK(on_activated), this);
}

void ClickList::add_column(const char* title, int column, int least_characters) {
  GtkCellRenderer* const cell = gtk_cell_renderer_text_new();
  GtkTreeViewColumn* const made = gtk_tree_view_column_new_with_attributes(title, cell, "text", column, nullptr);
  if (least_characters > 0) {
    g_object_set(cell, "ellipsize", PANGO_ELLIPSIZE_END, "width-chars", least_characters, nullptr);
    gtk_tree_view_column_set_expand(made, TRUE);
  }
  gtk_tree_view_append_column(GTK_TREE_VIEW(view_), made);
}

void ClickList::build_radius() {
  radius_ = gtk_spin_button_new_with_range(1, kMostRadius, 1);
  g_object_ref_sink(radius_);
  gtk_widget_set_tooltip_text(radius_, _("How far the click reaches, in pixels"));
  GtkWidget* const label = gtk_label_new(_("Radius (px):"));
  gtk_label_set_mnemonic_widget(GTK_LABEL(label), radius_);  // whose name it is for screen readers
  atk_object_set_name(gtk_widget_get_accessible(radius_), _("Radius"));
  GtkWidget* const line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, kSpacing);
  gtk_box_pack_start(GTK_BOX(line), label, FALSE, TRUE, 0);
  gtk_box_pack_start(GTK_BOX(line), radius_, TRUE, TRUE, 0);
  gtk_box_pack_start(GTK_BOX(widget_), line, FALSE, TRUE, 0);
  g_signal_connect(radius_, "value-changed", G_CALLBACK(on_radius), this);
}

void ClickList::build_buttons(const char* flip_label, const char* flip_tooltip) {
  // no Alt+letters: each has a key of its own, and the rest of the window leaves too few letters
  flip_ = button(flip_label != nullptr ? flip_label : "", flip_tooltip);
  gtk_widget_set_no_show_all(flip_, flip_label == nullptr ? TRUE : FALSE);
  automatic_ = button(_("Auto radius"), _("Let the engine choose how far the click reaches (A)"));
  remove_ = button(_("Delete"), _("Remove the click (Delete)"));
  GtkWidget* const line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, kSpacing);
  gtk_box_set_homogeneous(GTK_BOX(line), TRUE);
  for (GtkWidget* const widget : {flip_, automatic_, remove_}) {
    g_object_ref_sink(widget);
    gtk_box_pack_start(GTK_BOX(line), widget, TRUE, TRUE, 0);
  }
  gtk_box_pack_start(GTK_BOX(widget_), line, FALSE, TRUE, 0);
  g_signal_connect(flip_, "clicked", G_CALLBACK(on_flip), this);
  g_signal_connect(automatic_, "clicked", G_CALLBACK(on_automatic), this);
  g_signal_connect(remove_, "clicked", G_CALLBACK(on_remove), this);
}

void ClickList::set_rows(std::vector<Row> rows) {
  if (rows == rows_) return;  // progress comes many times a second
  const auto chosen = selected();
  is_setting_ = true;
  // rows are changed in place: the list keeps its scrolling and its keyboard focus
  GtkTreeModel* const model = GTK_TREE_MODEL(store_);
  GtkTreeIter iter;
  gboolean has_row = gtk_tree_model_get_iter_first(model, &iter);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (has_row == FALSE) gtk_list_store_append(store_, &iter);
    gtk_list_store_set(store_, &iter, number, static_cast<gint>(i + 1), kind, rows[i].kind.c_str(), radius,
                       radius_text(rows[i].marker).c_str(), state, rows[i].state.c_str(), -1);
    if (has_row != FALSE) has_row = gtk_tree_model_iter_next(model, &iter);
  }
  while (has_row != FALSE) has_row = gtk_list_store_remove(store_, &iter);
  rows_ = std::move(rows);
  is_setting_ = false;
  set_chosen(chosen);
}

void ClickList::set_chosen(std::optional<std::size_t> row) {
  is_setting_ = true;
  if (row && *row < rows_.size()) {
    if (selected() != row) {
      GtkTreePath* const path = gtk_tree_path_new_from_indices(static_cast<gint>(*row), -1);
      gtk_tree_view_set_cursor(GTK_TREE_VIEW(view_), path, nullptr, FALSE);
      gtk_tree_path_free(path);
    }
  } else {
    gtk_tree_selection_unselect_all(selection_);
  }
  is_setting_ = false;
  show_buttons();
}

void ClickList::set_sensitive(bool is_sensitive) {
  is_sensitive_ = is_sensitive;
  show_buttons();
}

void ClickList::show_buttons() {
  const auto row = selected();
  const bool can_change = is_sensitive_ && row && *row < rows_.size();
  gtk_widget_set_sensitive(flip_, can_change && rows_[*row].can_flip);
  gtk_widget_set_sensitive(automatic_, can_change && rows_[*row].marker.is_radius_given);
  gtk_widget_set_sensitive(remove_, can_change);
  show_radius(can_change);
}

void ClickList::show_radius(bool can_change) {
  const auto row = selected();
  const auto value = row && *row < rows_.size() ? rows_[*row].marker.radius : std::nullopt;
  gtk_widget_set_sensitive(radius_, can_change && value);
  GtkSpinButton* const spin = GTK_SPIN_BUTTON(radius_);
  if (!value || std::round(gtk_spin_button_get_value(spin)) == std::round(*value)) return;
  const bool was_setting = std::exchange(is_setting_, true);
  gtk_spin_button_set_value(spin, std::round(*value));
  is_setting_ = was_setting;
}

std::optional<std::size_t> ClickList::selected() const {
  GtkTreeIter iter;
  if (gtk_tree_selection_get_selected(selection_, nullptr, &iter) == FALSE) return std::nullopt;
  gint value = 0;
  gtk_tree_model_get(GTK_TREE_MODEL(store_), &iter, number, &value, -1);
  return static_cast<std::size_t>(value - 1);
}

void ClickList::flip() {
  if (const auto row = selected()) callbacks_.intention(FlipClick{*row});
}

// ---- what GTK calls --------------------------------------------------------------------------------------

template <class Body>
void ClickList::call(gpointer data, Body&& body) {
  auto* const self = static_cast<ClickList*>(data);
  if (self->is_setting_) return;
  guarded(false, self->callbacks_.error, [&] {
    body(*self);
    return true;
  });
}

void ClickList::on_selected(GtkTreeSelection*, gpointer self) {
  call(self, [](ClickList& list) {
    list.show_buttons();
    list.callbacks_.intention(ChooseClick{list.selected()});
  });
}

void ClickList::on_activated(GtkTreeView*, GtkTreePath*, GtkTreeViewColumn*, gpointer self) {
  call(self, [](ClickList& list) { list.flip(); });
}

void ClickList::on_flip(GtkWidget*, gpointer self) {
  call(self, [](ClickList& list) { list.flip(); });
}

void ClickList::on_automatic(GtkWidget*, gpointer self) {
  call(self, [](ClickList& list) {
    if (const auto row = list.selected()) list.callbacks_.intention(SetRadius{*row, std::nullopt});
  });
}

void ClickList::on_radius(GtkSpinButton* spin, gpointer self) {
  call(self, [&](ClickList& list) {
    if (const auto row = list.selected()) {
      list.callbacks_.intention(SetRadius{*row, gtk_spin_button_get_value(spin)});
    }
  });
}

void ClickList::on_remove(GtkWidget*, gpointer self) {
  call(self, [](ClickList& list) {
    if (const auto row = list.selected()) list.callbacks_.intention(RemoveClick{*row});
  });
}

}  // namespace gbrs::plugin
