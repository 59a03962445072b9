// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cairo.h>

#include <cstdint>
#include <vector>

#include "canvas/painter.hpp"
#include "canvas/view_transform.hpp"
#include "gimp/bridge.hpp"

namespace gbrs::plugin {

/// The picture as the canvas draws it: a pyramid of halved copies, so that drawing costs what the canvas has,
/// not what the picture has. Built once from what bridge.hpp read; 24 megapixels take some 0.1 s (any thread)
/// and 128 MB.
class Picture final {
 public:
  explicit Picture(Pixels pixels);

  [[nodiscard]] int width() const { return levels_.front().width; }
  [[nodiscard]] int height() const { return levels_.front().height; }

  /// Draws the visible part onto a context in device pixels of the canvas. Transparent places show checks.
  void draw(cairo_t* context, const ViewTransform& view) const;
  /// Paints a part at a scale (Answer::render has both) without alpha; beyond the picture's edges they go on. Any thread.
  void paint(Rectangle part, double scale, PixelRows pixels) const;

 private:
  // cairo's ARGB32: premultiplied, one native 32-bit word a pixel. Kept as plain memory, because a cairo
  // surface cannot have more than 32767 pixels in a row.
  struct Level {
    int width = 0;
    int height = 0;
    std::vector<std::uint32_t> argb;
  };
  static Level first_level(const Pixels& pixels);
  static Level halved(const Level& level);
  void draw_part(cairo_t* context, const Rectangle& part, double scale) const;
  [[nodiscard]] std::size_t level_for(double scale) const;

  std::vector<Level> levels_;  // level k has one pixel for 2^k x 2^k of the picture's; never empty
  bool is_opaque_;
};

}  // namespace gbrs::plugin
