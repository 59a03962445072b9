// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtk/gtk.h>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "canvas/intention.hpp"
#include "canvas/markers.hpp"

namespace gbrs::plugin {

/// The clicks, strokes and boxes as a list beside the canvas: what they are, how far they reach, whether they are
/// obeyed; with buttons for the chosen one. Everything by keyboard too.
class ClickList final {
 public:
  struct Callbacks {
    std::function<void(const Intention& intention)> intention;
    std::function<void(const std::string& message)> error;
  };
  struct Row {
    Marker marker;     ///< is_satisfied is not looked at: `state` says it
    std::string kind;  ///< what it says
    bool can_flip = true;
    std::string state;  ///< whether the click is obeyed, and why not
    bool operator==(const Row& other) const;
  };

  /// `flip_label` null: clicks have no opposite.
  ClickList(const char* flip_label, const char* flip_tooltip, Callbacks callbacks);
  ClickList(const ClickList&) = delete;
  ClickList& operator=(const ClickList&) = delete;
  ~ClickList();

  [[nodiscard]] GtkWidget* widget() const { return widget_; }
  [[nodiscard]] bool has_focus() const { return gtk_widget_has_focus(view_) != FALSE; }

  /// One for each mark, in their order. The chosen row stays chosen while there is one of its number.
  void set_rows(std::vector<Row> rows);
  void set_chosen(std::optional<std::size_t> row);
  void set_sensitive(bool is_sensitive);  ///< of what changes clicks

 private:
  template <class Body>
  static void call(gpointer self, Body&& body);
  static void on_selected(GtkTreeSelection*, gpointer self);
  static void on_activated(GtkTreeView*, GtkTreePath*, GtkTreeViewColumn*, gpointer self);
  static void on_flip(GtkWidget*, gpointer self);
  static void on_automatic(GtkWidget*, gpointer self);
  static void on_remove(GtkWidget*, gpointer self);
  static void on_radius(GtkSpinButton*, gpointer self);

  void build_view();
  void build_radius();
  void build_buttons(const char* flip_label, const char* flip_tooltip);
  /// `least_characters`: what is longer may be cut to so many; 0: never.
  void add_column(const char* title, int column, int least_characters = 0);
  void show_buttons();
  void show_radius(bool can_change);
  [[nodiscard]] std::optional<std::size_t> selected() const;
  void flip();

  Callbacks callbacks_;
  GtkListStore* store_;
  GtkWidget* widget_;
  GtkWidget* view_ = nullptr;
  GtkTreeSelection* selection_ = nullptr;
  GtkWidget* radius_ = nullptr;  ///< a spin button
  GtkWidget* flip_ = nullptr;
  GtkWidget* automatic_ = nullptr;
  GtkWidget* remove_ = nullptr;
  std::vector<Row> rows_;
  bool is_sensitive_ = true;
  bool is_setting_ = false;  // what changes now is not the user's doing
};

}  // namespace gbrs::plugin
