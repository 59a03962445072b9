// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cairo.h>

#include <optional>

#include "canvas/view_transform.hpp"

namespace gbrs::plugin {

/// A cross on the picture that the arrow keys move, for those who click by keyboard.
class KeyboardCursor final {
 public:
  /// Where it is: always the middle of an image pixel. None: not shown, because the mouse is used.
  [[nodiscard]] const std::optional<Point>& place() const { return place_; }
  void hide() { place_.reset(); }

  /// Moves it by one key: `dx` and `dy` are -1, 0 or 1. Appears in the middle of what is seen. `is_fine`: by one
  /// image pixel, else by about as much as the eye follows on the screen.
  void move(int dx, int dy, bool is_fine, const ViewTransform& view, double pixel_ratio);

  /// Draws onto a context in device pixels of the canvas.
  void draw(cairo_t* context, const ViewTransform& view, double pixel_ratio) const;

 private:
  std::optional<Point> place_;
};

}  // namespace gbrs::plugin
