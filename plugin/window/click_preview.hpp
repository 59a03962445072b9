// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtk/gtk.h>

#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "canvas/canvas.hpp"
#include "editing/editing.hpp"

namespace gbrs::plugin {

/// Shows what a click would give where the pointer rests, as long as a pass of the network is quick. Main thread only;
/// all that it is given outlives it.
class ClickPreview final {
 public:
  ClickPreview(Canvas& canvas, Editing& editing, GtkWidget* toggle,
               std::function<void(const std::string& message)> on_error);
  ClickPreview(const ClickPreview&) = delete;
  ClickPreview& operator=(const ClickPreview&) = delete;
  ~ClickPreview();

  /// Where the pointer is; none: where a press means no new click.
  void point(const std::optional<PointedAt>& place);
  /// After Editing::refresh().
  void refresh();
  void toggle();
  void show_error(const std::string& text) { on_error_(text); }

 private:
  static gboolean on_rest(gpointer self);
  void ask();
  void drop();
  void toggled();
  void measure(const Answer& answer);
  [[nodiscard]] bool is_quick() const;

  Canvas& canvas_;
  Editing& editing_;
  GtkToggleButton* toggle_;
  std::function<void(const std::string&)> on_error_;
  guint timer_ = 0;
  std::optional<PointedAt> place_;
  std::deque<double> passes_;  ///< milliseconds of the last ones
  bool is_shown_ = false;
};

}  // namespace gbrs::plugin
