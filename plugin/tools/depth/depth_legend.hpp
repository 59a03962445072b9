// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtk/gtk.h>

#include <functional>
#include <optional>
#include <string>

#include "tools/depth/depth_painter.hpp"

namespace gbrs::plugin {

/// What the colours, or the greys, of a depth map mean: a bar with numbers, the farthest on top.
class DepthLegend final {
 public:
  explicit DepthLegend(std::function<void(const std::string& message)> on_error);
  DepthLegend(const DepthLegend&) = delete;
  DepthLegend& operator=(const DepthLegend&) = delete;
  ~DepthLegend();

  [[nodiscard]] GtkWidget* widget() const { return area_; }
  /// `scale` with a range; without one nothing is drawn.
  void set(DepthView view, const DepthScale& scale, const std::string& unit);
  /// Marks a depth; none: no mark.
  void point(std::optional<double> depth);

 private:
  static gboolean on_draw(GtkWidget*, cairo_t* context, gpointer self);
  void draw(cairo_t* context) const;
  void draw_bar(cairo_t* context, double height) const;
  void draw_numbers(cairo_t* context, double height) const;
  [[nodiscard]] double share_of(double depth) const;

  std::function<void(const std::string&)> on_error_;
  GtkWidget* area_;
  DepthView view_ = DepthView::colours;
  DepthScale scale_;
  std::string unit_;
  std::optional<double> pointed_;
};

}  // namespace gbrs::plugin
