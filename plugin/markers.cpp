// SPDX-License-Identifier: GPL-3.0-or-later
#include "markers.hpp"

#include <cmath>
#include <numbers>
#include <string>

namespace gbrs::plugin {
namespace {

// Logical pixels: large enough to see the sign, small enough not to hide what was clicked.
constexpr double kRadius = 7.0;
constexpr double kSign = 4.0;
constexpr double kRing = 11.0;

struct Colour {
  double red, green, blue;
};
constexpr Colour kInclude{0.05, 0.50, 0.16};
constexpr Colour kExclude{0.80, 0.08, 0.08};
constexpr Colour kWarning{1.00, 0.75, 0.00};

void set_colour(cairo_t* context, Colour colour) {
  cairo_set_source_rgb(context, colour.red, colour.green, colour.blue);
}

void draw_warning(cairo_t* context, std::size_t number) {
  for (const double width : {4.5, 2.5}) {  // dark below bright: visible on any picture
    if (width > 3) {
      cairo_set_source_rgb(context, 0, 0, 0);
    } else {
      set_colour(context, kWarning);
    }
    cairo_set_line_width(context, width);
    cairo_arc(context, 0, 0, kRing, 0, 2 * std::numbers::pi);
    cairo_stroke(context);
  }
  cairo_select_font_face(context, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_BOLD);
  cairo_set_font_size(context, 13);
  cairo_move_to(context, kRing + 3, 5);
  cairo_text_path(context, std::to_string(number).c_str());
  cairo_set_source_rgb(context, 0, 0, 0);
  cairo_set_line_width(context, 3);
  cairo_stroke_preserve(context);
  set_colour(context, kWarning);
  cairo_fill(context);
}

void draw_sign(cairo_t* context, bool is_include) {
  if (is_include) {
    cairo_arc(context, 0, 0, kRadius, 0, 2 * std::numbers::pi);
  } else {
    cairo_rectangle(context, -kRadius, -kRadius, 2 * kRadius, 2 * kRadius);
  }
  set_colour(context, is_include ? kInclude : kExclude);
  cairo_fill_preserve(context);
  cairo_set_source_rgb(context, 1, 1, 1);
  cairo_set_line_width(context, 1.5);
  cairo_stroke(context);
  cairo_set_line_width(context, 2);
  cairo_move_to(context, -kSign, 0);
  cairo_line_to(context, kSign, 0);
  if (is_include) {
    cairo_move_to(context, 0, -kSign);
    cairo_line_to(context, 0, kSign);
  }
  cairo_stroke(context);
}

}  // namespace

void draw_markers(cairo_t* context, std::span<const Marker> markers, const ViewTransform& view, double pixel_ratio) {
  for (std::size_t i = 0; i < markers.size(); ++i) {
    const Point place = view.to_canvas(markers[i].image);
    cairo_save(context);
    cairo_translate(context, place.x, place.y);
    cairo_scale(context, pixel_ratio, pixel_ratio);
    if (!markers[i].is_satisfied) draw_warning(context, i + 1);
    draw_sign(context, markers[i].is_include);
    cairo_restore(context);
  }
}

std::optional<std::size_t> marker_at(std::span<const Marker> markers, const ViewTransform& view, Point canvas,
                                     double pixel_ratio) {
  for (std::size_t i = markers.size(); i-- > 0;) {
    const Point place = view.to_canvas(markers[i].image);
    if (std::hypot(place.x - canvas.x, place.y - canvas.y) <= kRadius * pixel_ratio) return i;
  }
  return std::nullopt;
}

}  // namespace gbrs::plugin
