// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "canvas/canvas.hpp"
#include "window/shortcuts.hpp"
#include "window/window_layout.hpp"

namespace gbrs::plugin {

/// The brush for strokes: in the hand or not, and how large. Connects its button and its keys with the canvas, which
/// outlives it, as the window's widgets do.
class BrushControls final {
 public:
  struct Callbacks {
    std::function<void(bool is_in_hand)> taken;  ///< into the hand, or put away
    std::function<void(const std::string& message)> error;
  };

  BrushControls(Canvas& canvas, const WindowLayout& layout, Callbacks callbacks);
  BrushControls(const BrushControls&) = delete;
  BrushControls& operator=(const BrushControls&) = delete;

  /// False: the command is not for the brush, which has the keys for a radius while it is in the hand.
  bool obey(Command command);
  void take(bool is_wanted);
  /// False: it was not in the hand.
  bool put_away();
  void show_error(const std::string& text) { callbacks_.error(text); }

 private:
  void toggled();
  void set_radius(double radius);
  [[nodiscard]] bool is_in_hand() const { return gtk_toggle_button_get_active(button_) != FALSE; }

  Canvas& canvas_;
  GtkToggleButton* button_;
  Callbacks callbacks_;
  std::optional<double> radius_;  // image pixels; none before the first use
};

}  // namespace gbrs::plugin
