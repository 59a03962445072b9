// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtk/gtk.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "gbrs/model.hpp"
#include "tools/semantic/kinds.hpp"
#include "window/mode_buttons.hpp"

namespace gbrs::plugin {

/// Beside the picture: what a click says, and the kinds that were found, to be ticked.
class SemanticPanel final {
 public:
  struct Callbacks {
    std::function<void(bool is_pair)> mode;
    std::function<void(int number)> picked;  ///< the class that clicks say from now on
    std::function<void()> ticked;            ///< ticked() is another
    std::function<void(const std::string& message)> error;
  };

  explicit SemanticPanel(Callbacks callbacks);
  SemanticPanel(const SemanticPanel&) = delete;
  SemanticPanel& operator=(const SemanticPanel&) = delete;
  ~SemanticPanel();

  [[nodiscard]] GtkWidget* widget() const { return box_; }
  /// The classes to pick from; nothing is found or ticked any more.
  void set_model(const ModelInfo& model);
  /// Those that were found. Of the first ones the largest thing is ticked.
  void set_found(const std::vector<Kind>& kinds);
  [[nodiscard]] const std::set<int>& ticked() const { return ticked_; }
  /// With a callback.
  void pick(int number);
  bool obey(char letter) { return modes_.obey(letter); }
  void show_error(const std::string& text) { callbacks_.error(text); }

 private:
  template <class Body>
  static void call(gpointer self, Body&& body);
  static void on_toggled(GtkCellRendererToggle*, gchar* path, gpointer self);
  static void on_selected(GtkTreeSelection* selection, gpointer self);
  void build_list();
  void build_picker();
  void change_picked();
  void tick(int row);

  Callbacks callbacks_;
  ModeButtons modes_;
  ModelInfo model_;
  GtkWidget* box_;
  GtkListStore* store_;
  GtkWidget* picker_ = nullptr;  ///< a combo box of all classes
  GtkTreeSelection* selection_ = nullptr;
  std::vector<Kind> found_;
  std::set<int> ticked_;
  bool has_ticked_ = false;  // something, once
  bool is_setting_ = false;  // what changes now is not the user's doing
};

}  // namespace gbrs::plugin
