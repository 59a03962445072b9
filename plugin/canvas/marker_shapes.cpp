// SPDX-License-Identifier: GPL-3.0-or-later
#include "canvas/marker_shapes.hpp"

#include <algorithm>
#include <numbers>

namespace gbrs::plugin {
namespace {

// Of its middle line: a stroke is to be seen where its brush is thinner than a screen pixel.
constexpr double kLine = 1.5;
constexpr double kLeastBreadth = 3;

void draw_stroke(cairo_t* context, const Marker& marker, bool has_focus, const ViewTransform& view,
                 double pixel_ratio) {
  const auto trace = [&] {
    for (const Point place : marker.stroke) {
      const Point at = view.to_canvas(place);
      cairo_line_to(context, at.x / pixel_ratio, at.y / pixel_ratio);
    }
    // a way of one place is a dot
    if (marker.stroke.size() == 1) cairo_close_path(context);
  };
  cairo_save(context);
  cairo_set_line_cap(context, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND);
  trace();
  cairo_set_line_width(context, std::max(kLeastBreadth, 2 * marker.radius.value_or(0) * view.scale() / pixel_ratio));
  set_colour(context, marker.look.colour, has_focus ? 0.45 : 0.2);
  cairo_stroke_preserve(context);
  for (const double width : {kLine + 2, kLine}) {  // bright below the colour: visible on any picture
    if (width > kLine) {
      cairo_set_source_rgba(context, 1, 1, 1, has_focus ? 0.9 : 0.5);
    } else {
      set_colour(context, marker.look.colour);
    }
    cairo_set_line_width(context, width);
    cairo_stroke_preserve(context);
  }
  cairo_new_path(context);
  cairo_restore(context);
}

void draw_box(cairo_t* context, const Box& box, bool has_focus, const ViewTransform& view, double pixel_ratio) {
  const Point first = view.to_canvas({box.left, box.top});
  const Point last = view.to_canvas({box.right, box.bottom});
  cairo_rectangle(context, first.x / pixel_ratio, first.y / pixel_ratio, (last.x - first.x) / pixel_ratio,
                  (last.y - first.y) / pixel_ratio);
  for (const double width : {3.5, 1.5}) {
    if (width > 2) {
      cairo_set_source_rgba(context, 1, 1, 1, has_focus ? 0.9 : 0.45);
    } else {
      set_colour(context, kIncludeColour, has_focus ? 1 : 0.8);
    }
    cairo_set_line_width(context, width);
    cairo_stroke_preserve(context);
  }
  cairo_new_path(context);
}

// Dashed, to a ring around the other place.
void draw_way(cairo_t* context, const Marker& marker, bool has_focus, const ViewTransform& view, double pixel_ratio) {
  constexpr double kRing = 5;
  constexpr double kDashes[] = {5, 4};
  const Point from = view.to_canvas(marker.image);
  const Point to = view.to_canvas(*marker.other);
  cairo_save(context);
  for (const double width : {kLine + 2, kLine}) {
    if (width > kLine) {
      cairo_set_source_rgba(context, 1, 1, 1, has_focus ? 0.95 : 0.7);
    } else {
      set_colour(context, marker.look.colour);
    }
    cairo_set_line_width(context, width);
    cairo_set_dash(context, kDashes, width > kLine ? 0 : 2, 0);
    cairo_move_to(context, from.x / pixel_ratio, from.y / pixel_ratio);
    cairo_line_to(context, to.x / pixel_ratio, to.y / pixel_ratio);
    cairo_stroke(context);
    cairo_set_dash(context, nullptr, 0, 0);
    cairo_arc(context, to.x / pixel_ratio, to.y / pixel_ratio, kRing, 0, 2 * std::numbers::pi);
    cairo_stroke(context);
  }
  cairo_restore(context);
}

void trace_triangle(cairo_t* context, double up) {
  cairo_move_to(context, 0, -up * kSignRadius);
  cairo_line_to(context, kSignRadius, up * kSignRadius);
  cairo_line_to(context, -kSignRadius, up * kSignRadius);
  cairo_close_path(context);
}

void trace_outline(cairo_t* context, Sign sign) {
  switch (sign) {
    case Sign::plus:
    case Sign::dot:
      return cairo_arc(context, 0, 0, kSignRadius, 0, 2 * std::numbers::pi);
    case Sign::minus:
      return cairo_rectangle(context, -kSignRadius, -kSignRadius, 2 * kSignRadius, 2 * kSignRadius);
    case Sign::nearer:
      return trace_triangle(context, -1);
    case Sign::farther:
      return trace_triangle(context, 1);
  }
}

}  // namespace

// A round plus, a square minus, a point in a circle, a triangle towards whom looks or away.
void draw_sign(cairo_t* context, const MarkerLook& look) {
  constexpr double kSign = 4.0;
  constexpr double kPoint = 2.5;
  trace_outline(context, look.sign);
  set_colour(context, look.colour);
  cairo_fill_preserve(context);
  cairo_set_source_rgb(context, 1, 1, 1);
  cairo_set_line_width(context, 1.5);
  cairo_stroke(context);
  cairo_set_line_width(context, 2);
  if (look.sign == Sign::plus || look.sign == Sign::minus) {
    cairo_move_to(context, -kSign, 0);
    cairo_line_to(context, kSign, 0);
  }
  if (look.sign == Sign::plus) {
    cairo_move_to(context, 0, -kSign);
    cairo_line_to(context, 0, kSign);
  }
  cairo_stroke(context);
  if (look.sign != Sign::dot) return;
  cairo_arc(context, 0, 0, kPoint, 0, 2 * std::numbers::pi);
  cairo_fill(context);
}

void draw_shape(cairo_t* context, const Marker& marker, bool has_focus, const ViewTransform& view, double pixel_ratio) {
  if (marker.box) draw_box(context, *marker.box, has_focus, view, pixel_ratio);
  if (!marker.stroke.empty()) draw_stroke(context, marker, has_focus, view, pixel_ratio);
  if (marker.other) draw_way(context, marker, has_focus, view, pixel_ratio);
}

void draw_brush(cairo_t* context, Point place, double radius, const MarkerLook& look) {
  for (const double width : {3.0, 1.5}) {
    if (width > 2) {
      cairo_set_source_rgba(context, 1, 1, 1, 0.8);
    } else {
      set_colour(context, look.colour);
    }
    cairo_set_line_width(context, width);
    cairo_arc(context, place.x, place.y, std::max(radius, kLeastBreadth / 2), 0, 2 * std::numbers::pi);
    cairo_stroke(context);
  }
}

}  // namespace gbrs::plugin
