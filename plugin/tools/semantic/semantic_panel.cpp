// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/semantic/semantic_panel.hpp"

#include <algorithm>
#include <utility>

#include "base/guard.hpp"
#include "base/signal.hpp"
#include "base/translation.hpp"
#include "base/widgets.hpp"
#include "tools/semantic/kind_words.hpp"

namespace gbrs::plugin {
namespace {

enum Column { is_ticked, swatch, name, area, column_count };

std::span<const ModeButtons::Choice> modes() {
  static const ModeButtons::Choice choices[] = {
      {_("What kind it is (K)"),
       _("What you click on is of the kind that is picked below. The right button picks the kind that is under the "
         "pointer"),
       'k'},
      {_("The same as elsewhere (E)"), _("Click on what is wrong, then on what is of the same kind"), 'e'}};
  return choices;
}

GtkTreeViewColumn* add_column(GtkWidget* view, const char* title, GtkCellRenderer* cell, const char* attribute,
                              int column) {
  GtkTreeViewColumn* const made = gtk_tree_view_column_new_with_attributes(title, cell, attribute, column, nullptr);
  gtk_tree_view_append_column(GTK_TREE_VIEW(view), made);
  return made;
}

}  // namespace

SemanticPanel::SemanticPanel(Callbacks callbacks)
    : callbacks_(std::move(callbacks)),
      modes_(
          modes(), [this](int mode) { callbacks_.mode(mode == 1); }, callbacks_.error),
      box_(panel_box()),
      store_(gtk_list_store_new(column_count, G_TYPE_BOOLEAN, GDK_TYPE_RGBA, G_TYPE_STRING, G_TYPE_STRING)) {
  pack(box_, modes_.widget());
  build_picker();
  build_list();
}

SemanticPanel::~SemanticPanel() {
  g_signal_handlers_disconnect_by_data(selection_, this);
  g_object_unref(selection_);
  g_object_unref(store_);
  g_object_unref(box_);
}

void SemanticPanel::build_picker() {
  picker_ = gtk_combo_box_text_new();
  gtk_widget_set_focus_on_click(picker_, FALSE);
  gtk_widget_set_tooltip_text(picker_, _("The kind that clicks and strokes say; a row of the list picks it, too"));
  GtkWidget* const line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, kSpacing);
  labelled(line, _("_Kind:"), picker_, true);
  pack(box_, line);
  g_signal_connect(picker_, "changed", G_CALLBACK(Signal<&SemanticPanel::change_picked>::emitted), this);
}

void SemanticPanel::build_list() {
  pack(box_, wrapped_label(_("The picture shows (tick what to take):")));
  GtkWidget* const view = gtk_tree_view_new_with_model(GTK_TREE_MODEL(store_));
  gtk_tree_view_set_enable_search(GTK_TREE_VIEW(view), FALSE);  // letters are the window's shortcuts
  gtk_tree_view_set_headers_visible(GTK_TREE_VIEW(view), FALSE);
  atk_object_set_name(gtk_widget_get_accessible(view), _("Kinds"));
  gtk_widget_set_tooltip_text(view, _("Ticked kinds become the result (Space ticks); areas are shares of the picture"));
  GtkCellRenderer* const toggle = gtk_cell_renderer_toggle_new();
  add_column(view, nullptr, toggle, "active", is_ticked);
  GtkCellRenderer* const colour = gtk_cell_renderer_text_new();
  g_object_set(colour, "text", "      ", nullptr);
  add_column(view, nullptr, colour, "background-rgba", swatch);
  GtkCellRenderer* const label = gtk_cell_renderer_text_new();
  g_object_set(label, "ellipsize", PANGO_ELLIPSIZE_END, nullptr);
  gtk_tree_view_column_set_expand(add_column(view, nullptr, label, "text", name), TRUE);
  GtkCellRenderer* const share = gtk_cell_renderer_text_new();
  g_object_set(share, "xalign", 1.0, nullptr);
  add_column(view, nullptr, share, "text", area);
  GtkWidget* const scrolled = gtk_scrolled_window_new(nullptr, nullptr);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_shadow_type(GTK_SCROLLED_WINDOW(scrolled), GTK_SHADOW_IN);
  gtk_container_add(GTK_CONTAINER(scrolled), view);
  pack(box_, scrolled, true);
  selection_ = GTK_TREE_SELECTION(g_object_ref(gtk_tree_view_get_selection(GTK_TREE_VIEW(view))));
  g_signal_connect(toggle, "toggled", G_CALLBACK(on_toggled), this);
  g_signal_connect(selection_, "changed", G_CALLBACK(on_selected), this);
}

void SemanticPanel::set_model(const ModelInfo& model) {
  const bool was_setting = std::exchange(is_setting_, true);
  model_ = model;
  gtk_combo_box_text_remove_all(GTK_COMBO_BOX_TEXT(picker_));
  for (std::size_t i = 0; i < model_.classes.size(); ++i)
    gtk_combo_box_text_append_text(GTK_COMBO_BOX_TEXT(picker_), kind_words(model_, static_cast<int>(i)).c_str());
  found_.clear();
  ticked_.clear();
  has_ticked_ = false;
  gtk_list_store_clear(store_);
  is_setting_ = was_setting;
}

void SemanticPanel::set_found(const std::vector<Kind>& kinds) {
  if (kinds == found_) return;
  const bool was_setting = std::exchange(is_setting_, true);
  found_ = kinds;
  const auto thing =
      std::ranges::find_if(found_, [&](const Kind& kind) { return !is_background(model_, kind.number); });
  if (thing != found_.end() && !std::exchange(has_ticked_, true)) {
    ticked_ = {thing->number};
    pick(thing->number);
  }
  gtk_list_store_clear(store_);
  for (const Kind& kind : found_) {
    constexpr double kPercent = 100;
    const Colour colour = kind_colour(model_, kind.number);
    const GdkRGBA rgba{colour.red, colour.green, colour.blue, 1};
    GtkTreeIter iter;
    gtk_list_store_append(store_, &iter);
    gtk_list_store_set(store_, &iter, is_ticked, ticked_.contains(kind.number) ? TRUE : FALSE, swatch, &rgba, name,
                       kind_words(model_, kind.number).c_str(), area, formatted(_("%.1f %%"), kPercent * kind.share).c_str(), -1);
  }
  is_setting_ = was_setting;
}

void SemanticPanel::pick(int number) {
  if (model_.classes.empty()) return callbacks_.picked(number);  // without names there is nothing to choose from
  if (gtk_combo_box_get_active(GTK_COMBO_BOX(picker_)) != number) {
    gtk_combo_box_set_active(GTK_COMBO_BOX(picker_), number);
  }
}

void SemanticPanel::change_picked() {
  const int number = gtk_combo_box_get_active(GTK_COMBO_BOX(picker_));
  if (number >= 0) callbacks_.picked(number);
}

void SemanticPanel::tick(int row) {
  const int number = found_.at(static_cast<std::size_t>(row)).number;
  const bool was_ticked = ticked_.erase(number) > 0;
  if (!was_ticked) ticked_.insert(number);
  GtkTreeIter iter;
  if (gtk_tree_model_iter_nth_child(GTK_TREE_MODEL(store_), &iter, nullptr, row) != FALSE) {
    gtk_list_store_set(store_, &iter, is_ticked, was_ticked ? FALSE : TRUE, -1);
  }
  callbacks_.ticked();
}

// ---- what GTK calls --------------------------------------------------------------------------------------

template <class Body>
void SemanticPanel::call(gpointer data, Body&& body) {
  auto* const self = static_cast<SemanticPanel*>(data);
  if (self->is_setting_) return;
  guarded(false, self->callbacks_.error, [&] {
    body(*self);
    return true;
  });
}

void SemanticPanel::on_toggled(GtkCellRendererToggle*, gchar* path, gpointer self) {
  call(self, [&](SemanticPanel& panel) { panel.tick(static_cast<int>(g_ascii_strtoll(path, nullptr, 10))); });
}

void SemanticPanel::on_selected(GtkTreeSelection* selection, gpointer self) {
  call(self, [&](SemanticPanel& panel) {
    GtkTreeModel* model = nullptr;
    GtkTreeIter iter;
    if (gtk_tree_selection_get_selected(selection, &model, &iter) == FALSE) return;
    GtkTreePath* const path = gtk_tree_model_get_path(model, &iter);
    const auto row = static_cast<std::size_t>(gtk_tree_path_get_indices(path)[0]);
    gtk_tree_path_free(path);
    if (row < panel.found_.size()) panel.pick(panel.found_[row].number);
  });
}

}  // namespace gbrs::plugin
