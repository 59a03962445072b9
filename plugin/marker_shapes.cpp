// SPDX-License-Identifier: GPL-3.0-or-later
#include "marker_shapes.hpp"

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
  set_colour(context, colour_of(marker), has_focus ? 0.45 : 0.2);
  cairo_stroke_preserve(context);
  for (const double width : {kLine + 2, kLine}) {  // bright below the colour: visible on any picture
    if (width > kLine) {
      cairo_set_source_rgba(context, 1, 1, 1, has_focus ? 0.9 : 0.5);
    } else {
      set_colour(context, colour_of(marker));
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

}  // namespace

void draw_shape(cairo_t* context, const Marker& marker, bool has_focus, const ViewTransform& view, double pixel_ratio) {
  if (marker.box) draw_box(context, *marker.box, has_focus, view, pixel_ratio);
  if (!marker.stroke.empty()) draw_stroke(context, marker, has_focus, view, pixel_ratio);
}

void draw_brush(cairo_t* context, Point place, double radius, bool is_include) {
  for (const double width : {3.0, 1.5}) {
    if (width > 2) {
      cairo_set_source_rgba(context, 1, 1, 1, 0.8);
    } else {
      set_colour(context, is_include ? kIncludeColour : kExcludeColour);
    }
    cairo_set_line_width(context, width);
    cairo_arc(context, place.x, place.y, std::max(radius, kLeastBreadth / 2), 0, 2 * std::numbers::pi);
    cairo_stroke(context);
  }
}

}  // namespace gbrs::plugin
