// SPDX-License-Identifier: GPL-3.0-or-later
#include "canvas/keyboard_cursor.hpp"

#include <algorithm>
#include <cmath>

namespace gbrs::plugin {
namespace {

constexpr double kStep = 12.0;  // logical pixels

}  // namespace

void KeyboardCursor::move(int dx, int dy, bool is_fine, const ViewTransform& view, double pixel_ratio) {
  if (!place_) {
    place_ = view.to_image({view.canvas_width() / 2.0, view.canvas_height() / 2.0});
  } else {
    const double step = is_fine ? 1.0 : std::max(1.0, kStep * pixel_ratio / view.scale());
    place_->x += dx * step;
    place_->y += dy * step;
  }
  place_ = view.nearest_inside({std::floor(place_->x) + 0.5, std::floor(place_->y) + 0.5});
}

void KeyboardCursor::draw(cairo_t* context, const ViewTransform& view, double pixel_ratio) const {
  if (!place_) return;
  const Point place = view.to_canvas(*place_);
  constexpr double kInner = 4.0;
  constexpr double kOuter = 14.0;
  for (const double width : {4.0, 1.5}) {  // white on black: visible on any picture
    const double grey = width > 2 ? 0.0 : 1.0;
    cairo_set_source_rgb(context, grey, grey, grey);
    cairo_set_line_width(context, width * pixel_ratio);
    for (const double sign : {-1.0, 1.0}) {
      cairo_move_to(context, place.x + sign * kInner * pixel_ratio, place.y);
      cairo_line_to(context, place.x + sign * kOuter * pixel_ratio, place.y);
      cairo_move_to(context, place.x, place.y + sign * kInner * pixel_ratio);
      cairo_line_to(context, place.x, place.y + sign * kOuter * pixel_ratio);
    }
    cairo_stroke(context);
  }
}

}  // namespace gbrs::plugin
