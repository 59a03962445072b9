// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtk/gtk.h>

#include <functional>
#include <string>

#include "tools/depth/depth_grey.hpp"
#include "tools/depth/focus_painter.hpp"

namespace gbrs::plugin {

/// What is sharp and how blurred the rest is: a focus that follows the pointer until its slider is moved.
class FocusControls final {
 public:
  struct Callbacks {
    std::function<void()> changed;
    std::function<void(const std::string& message)> error;
  };

  explicit FocusControls(Callbacks callbacks);
  FocusControls(const FocusControls&) = delete;
  FocusControls& operator=(const FocusControls&) = delete;
  ~FocusControls();

  [[nodiscard]] GtkWidget* widget() const { return box_; }
  /// Depths to choose from; the first time the focus goes to the middle.
  void set_range(const DepthScale& range);
  /// What the pointer is over.
  void point(double depth);
  [[nodiscard]] Focus focus() const;
  void show_error(const std::string& text) { callbacks_.error(text); }

 private:
  void move();
  void change() { callbacks_.changed(); }

  Callbacks callbacks_;
  GtkWidget* box_;
  GtkWidget* follows_;
  GtkWidget* depth_;
  GtkWidget* strength_;
  bool is_setting_ = false;  // what changes now is not the user's doing
  bool has_range_ = false;
};

}  // namespace gbrs::plugin
