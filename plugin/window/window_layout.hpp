// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtk/gtk.h>

#include <optional>
#include <string>

#include "window/window_tool.hpp"

// The window's widgets and how they lie; what they do is click_window.cpp's.

namespace gbrs::plugin {

struct WindowLayout {
  GtkWidget* window = nullptr;
  GtkWidget* undo = nullptr;
  GtkWidget* redo = nullptr;
  GtkWidget* fit = nullptr;
  GtkWidget* actual_size = nullptr;
  GtkWidget* zoom_out = nullptr;
  GtkWidget* zoom_in = nullptr;
  GtkWidget* zoom_label = nullptr;
  GtkWidget* view = nullptr;         ///< a combo box of the tool's views
  GtkWidget* preview = nullptr;      ///< a toggle
  GtkWidget* brush = nullptr;        ///< a toggle
  GtkWidget* show_clicks = nullptr;  ///< toggles `side`
  GtkWidget* side = nullptr;
  GtkWidget* message_bar = nullptr;
  GtkWidget* message = nullptr;
  GtkWidget* progress = nullptr;
  GtkWidget* status = nullptr;
  GtkWidget* folded = nullptr;   ///< the tool's, folded away; null: none
  GtkWidget* more = nullptr;     ///< start and method, folded away
  GtkWidget* choices = nullptr;  ///< what becomes of the answer
  GtkWidget* panel = nullptr;    ///< the tool's; null: none
  GtkWidget* help = nullptr;
  GtkWidget* stop = nullptr;
  GtkWidget* cancel = nullptr;
  GtkWidget* apply_next = nullptr;
  GtkWidget* apply = nullptr;

  void show_message(const std::string& text, GtkMessageType type) const;
  void hide_message() const;
  /// Shows or hides the side; the window becomes wider or narrower by it, so that the picture stays as it is where
  /// the screen has room.
  void show_side(bool is_shown) const;
  /// The same for what an expander holds, after it was folded or unfolded.
  void follow(GtkWidget* expander) const;
  void set_status(const std::string& text) const;
  void set_progress(std::optional<double> fraction) const;  ///< 0..1; none: nothing is being done

 private:
  void resize_by(int width_change, int height_change) const;
};

struct WindowParts {
  GtkWidget* canvas = nullptr;
  GtkWidget* click_list = nullptr;
  GtkWidget* offer_bar = nullptr;
  std::string image_name;
  int image_width = 0;
  int image_height = 0;
  GObject* config = nullptr;  ///< with properties of the procedure's arguments
};
/// Builds a tool's window, not shown yet, around these.
WindowLayout build_window(WindowTool& tool, const WindowParts& parts);

}  // namespace gbrs::plugin
