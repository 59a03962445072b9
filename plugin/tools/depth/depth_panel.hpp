// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtk/gtk.h>

#include <array>
#include <functional>
#include <optional>
#include <string>

#include "tools/depth/depth_legend.hpp"
#include "tools/depth/depth_pointer.hpp"
#include "tools/depth/focus_controls.hpp"
#include "window/mode_buttons.hpp"

typedef struct _GimpProcedureConfig GimpProcedureConfig;

namespace gbrs::plugin {

/// Beside the picture: what a click says, the chosen click's depth, the legend, and how the layer's greys are made.
class DepthPanel final {
 public:
  struct Callbacks {
    std::function<void(DepthMode mode)> mode;
    std::function<void(double depth)> depth;  ///< the user wants another number
    std::function<void()> done;               ///< Enter in the entry
    std::function<void()> focus;              ///< of the view, or its blur, is another
    std::function<void(const std::string& message)> error;
  };

  /// The choices are bound to `config`, which outlives this.
  DepthPanel(GimpProcedureConfig* config, Callbacks callbacks);
  DepthPanel(const DepthPanel&) = delete;
  DepthPanel& operator=(const DepthPanel&) = delete;
  ~DepthPanel();

  [[nodiscard]] GtkWidget* widget() const { return box_; }
  [[nodiscard]] DepthLegend& legend() { return legend_; }
  [[nodiscard]] FocusControls& focus() { return focus_; }
  [[nodiscard]] const FocusControls& focus() const { return focus_; }
  void set_unit(const std::string& unit);
  /// What the entry shows, without a callback.
  void set_depth(double depth);
  /// Insensitive, the entry is empty: no number is meant.
  void set_depth_sensitive(bool is_sensitive);
  /// What the view of a lens needs, in the place of what the greys need.
  void show_focus(bool is_shown);
  /// The keyboard goes into the entry.
  void edit_depth();
  /// What is under the pointer; empty: nothing is known.
  void set_here(const std::string& text);
  bool obey(char letter) { return modes_.obey(letter); }
  void show_error(const std::string& text) { callbacks_.error(text); }

 private:
  void build_depth();
  void build_greys(GimpProcedureConfig* config);
  void change_depth();
  void end_editing() { callbacks_.done(); }

  Callbacks callbacks_;
  ModeButtons modes_;
  DepthLegend legend_;
  FocusControls focus_;
  GtkWidget* box_;
  GtkWidget* depth_ = nullptr;  ///< a spin button
  GtkWidget* unit_ = nullptr;
  GtkWidget* here_ = nullptr;
  GtkWidget* greys_ = nullptr;
  bool is_setting_ = false;  // what changes now is not the user's doing
};

}  // namespace gbrs::plugin
