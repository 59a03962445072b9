// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib-object.h>

#include <functional>
#include <string>

#include "canvas.hpp"
#include "shortcuts.hpp"
#include "window_layout.hpp"

typedef struct _GimpProcedureConfig GimpProcedureConfig;

namespace gbrs::plugin {

/// How the picture is looked at: zoom, views, comparing, the edge's adjustments, what is folded away. Connects the
/// window's widgets and keys for these with the canvas.
class ViewControls final {
 public:
  /// The edge is neutral at the beginning, whatever `config` says. All of them outlive this.
  ViewControls(Canvas& canvas, const WindowLayout& layout, GimpProcedureConfig* config,
               std::function<void(const std::string& message)> on_error);
  ViewControls(const ViewControls&) = delete;
  ViewControls& operator=(const ViewControls&) = delete;
  ~ViewControls();

  /// False: the command is not for the view.
  bool obey(Command command);
  /// The key of a comparing command was released, or nobody will tell us.
  void end_comparison() { canvas_.scene().set_comparison(Scene::Comparison::none); }
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
  void change_edge();
  void reset_edge();
  void follow_edge() { layout_.follow(layout_.edge); }
  void follow_more() { layout_.follow(layout_.more); }
  void toggle_edge();
  void toggle_list();
  void show_list();

  Canvas& canvas_;
  const WindowLayout& layout_;
  GimpProcedureConfig* config_;
  std::function<void(const std::string&)> on_error_;
};

}  // namespace gbrs::plugin
