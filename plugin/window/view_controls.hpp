// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>

#include "canvas/canvas.hpp"
#include "window/shortcuts.hpp"
#include "window/window_layout.hpp"
#include "window/window_tool.hpp"

namespace gbrs::plugin {

/// How the picture is looked at: zoom, views, comparing, what is folded away. Connects the window's widgets and keys
/// for these with the canvas.
class ViewControls final {
 public:
  /// All of them outlive this.
  ViewControls(WindowTool& tool, Canvas& canvas, const WindowLayout& layout,
               std::function<void(const std::string& message)> on_error);
  ViewControls(const ViewControls&) = delete;
  ViewControls& operator=(const ViewControls&) = delete;

  /// False: the command, or the letter, is not for the view.
  bool obey(Command command);
  bool obey(char letter);
  /// The key of a comparing command was released, or nobody will tell us.
  void end_comparison() { canvas_.scene().set_comparison(Scene::Comparison::none); }
  /// After the tool's painter has changed.
  void show_view() { canvas_.scene().set_painter(tool_.painter()); }
  /// After the canvas changed its zoom.
  void show_zoom();
  void show_error(const std::string& text) { on_error_(text); }

 private:
  void connect();
  void fit() { canvas_.fit(); }
  void actual_size() { canvas_.actual_size(); }
  void zoom_in();
  void zoom_out();
  void change_view();
  void follow_folded() { layout_.follow(layout_.folded); }
  void follow_more() { layout_.follow(layout_.more); }
  void toggle_list();
  void show_list();

  WindowTool& tool_;
  Canvas& canvas_;
  const WindowLayout& layout_;
  std::function<void(const std::string&)> on_error_;
};

}  // namespace gbrs::plugin
