// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtk/gtk.h>

#include <functional>
#include <string>

#include "tools/matte/matte_pointer.hpp"
#include "window/mode_buttons.hpp"

typedef struct _GimpProcedureConfig GimpProcedureConfig;

namespace gbrs::plugin {

/// Beside the picture: what a click says and what the brush paints, how opaque, and what the trimap is made of.
class MattePanel final {
 public:
  struct Callbacks {
    std::function<void(MatteMode mode)> mode;
    std::function<void(double alpha)> alpha;  ///< the user wants another number
    std::function<void()> done;               ///< Enter in the entry
    std::function<void(const std::string& message)> error;
  };

  /// "band" and "keep" are bound to `config`, which outlives this.
  MattePanel(GimpProcedureConfig* config, Callbacks callbacks);
  MattePanel(const MattePanel&) = delete;
  MattePanel& operator=(const MattePanel&) = delete;
  ~MattePanel();

  [[nodiscard]] GtkWidget* widget() const { return box_; }
  void choose(MatteMode mode) { modes_.choose(static_cast<int>(mode)); }
  /// What slider and entry show, without a callback. `is_of_click`: of the chosen one, else of the next one.
  void set_alpha(double alpha, bool is_of_click);
  void set_alpha_sensitive(bool is_sensitive);
  /// The keyboard goes into the entry.
  void edit_alpha();
  /// What is under the pointer; empty: nothing is known.
  void set_here(const std::string& text);
  /// "band" and "keep" mean nothing to a trimap that is there.
  void set_has_band(bool has_band) { gtk_widget_set_sensitive(known_, has_band); }
  bool obey(char letter) { return modes_.obey(letter); }
  void show_error(const std::string& text) { callbacks_.error(text); }

 private:
  static gboolean on_slider_pressed(GtkWidget*, GdkEventButton*, gpointer self);
  static gboolean on_slider_released(GtkWidget*, GdkEventButton*, gpointer self);
  void build_opacity();
  void build_known(GimpProcedureConfig* config);
  void change_alpha();
  void end_editing() { callbacks_.done(); }

  Callbacks callbacks_;
  ModeButtons modes_;
  GtkWidget* box_;
  GtkWidget* opacity_ = nullptr;  ///< a box of the next three
  GtkWidget* whose_ = nullptr;
  GtkWidget* alpha_ = nullptr;  ///< a spin button
  GtkWidget* here_ = nullptr;
  GtkWidget* known_ = nullptr;  ///< a box
  bool is_setting_ = false;     // what changes now is not the user's doing
  bool is_dragged_ = false;     // the slider: its way is one change, made where it is let go
};

}  // namespace gbrs::plugin
