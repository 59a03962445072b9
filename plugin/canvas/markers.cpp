// SPDX-License-Identifier: GPL-3.0-or-later
#include "canvas/markers.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "base/translation.hpp"
#include "canvas/marker_shapes.hpp"

namespace gbrs::plugin {
namespace {

// Logical pixels.
constexpr double kRing = 11.0;
constexpr double kHalo = 10.0;
// How near to a rim it is taken.
constexpr double kRimReach = 4.0;
constexpr double kLabelSize = 13.0;
// How near to a side of a box it is taken.
constexpr double kSideReach = 4.0;

// Beside the circle on the lower right; beside the marker when the canvas has no room there.
void draw_label(cairo_t* context, const std::string& text, Point place, Point marker, double right, double bottom) {
  cairo_select_font_face(context, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(context, kLabelSize);
  cairo_text_extents_t extents;
  cairo_text_extents(context, text.c_str(), &extents);
  constexpr double kPadding = 4;
  const double width = extents.x_advance + 2 * kPadding;
  const double height = kLabelSize + 2 * kPadding;
  if (place.x + width > right || place.y + height > bottom) place = {marker.x + kRing + 3, marker.y + kRing + 3};
  const double x = std::clamp(place.x, 0.0, std::max(0.0, right - width));
  const double y = std::clamp(place.y, 0.0, std::max(0.0, bottom - height));
  cairo_rectangle(context, x, y, width, height);
  cairo_set_source_rgba(context, 0, 0, 0, 0.75);
  cairo_fill(context);
  cairo_move_to(context, x + kPadding, y + kPadding + kLabelSize - 2);
  cairo_set_source_rgb(context, 1, 1, 1);
  cairo_show_text(context, text.c_str());
  cairo_new_path(context);  // the text's end is a current point, from which the next arc would draw a line
}

// The circle up to which a click reaches: solid when the user gave it, dashed when the engine chose it.
// In logical pixels of the canvas.
void draw_radius(cairo_t* context, const Marker& marker, Point place, double radius, double right, double bottom) {
  constexpr double kDashes[] = {6, 4};
  cairo_save(context);
  for (const double width : {3.5, 1.5}) {  // bright below the colour: visible on any picture
    if (width > 2) {
      cairo_set_source_rgba(context, 1, 1, 1, 0.9);
    } else {
      set_colour(context, marker.look.colour);
    }
    if (!marker.is_radius_given) cairo_set_dash(context, kDashes, 2, 0);
    cairo_set_line_width(context, width);
    cairo_arc(context, place.x, place.y, radius, 0, 2 * std::numbers::pi);
    cairo_stroke(context);
  }
  cairo_restore(context);
  if (place.x < 0 || place.y < 0 || place.x > right || place.y > bottom) return;  // of which one would it speak?
  constexpr double kDiagonal = 0.7071;
  constexpr double kGap = 6;
  const double offset = std::max(radius * kDiagonal, kSignRadius) + kGap;
  const char* const format = marker.is_radius_given ? _("%.0f px") : _("%.0f px (automatic)");
  draw_label(context, formatted(format, *marker.radius), {place.x + offset, place.y + offset}, place, right,
             bottom);
}

// Beside the mark on its upper right, where no radius is written.
void draw_text(cairo_t* context, const Marker& marker, Point place, double right, double bottom) {
  if (place.x < 0 || place.y < 0 || place.x > right || place.y > bottom) return;
  constexpr double kRise = 30;
  const double x = place.x + kRing + (marker.is_satisfied ? 0 : 2 * kLabelSize);
  draw_label(context, marker.look.text, {x, std::max(0.0, place.y - kRise)}, place, right, bottom);
}

void draw_warning(cairo_t* context, std::size_t number) {
  for (const double width : {4.5, 2.5}) {  // dark below bright: visible on any picture
    if (width > 3) {
      cairo_set_source_rgb(context, 0, 0, 0);
    } else {
      set_colour(context, kWarningColour);
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
  set_colour(context, kWarningColour);
  cairo_fill(context);
}

// The sides of `box` that are near a place of the canvas, nearer than `reach` device pixels.
Sides sides_at(const Box& box, const ViewTransform& view, Point canvas, double reach) {
  const Point first = view.to_canvas({box.left, box.top});
  const Point last = view.to_canvas({box.right, box.bottom});
  if (canvas.x < first.x - reach || canvas.x > last.x + reach || canvas.y < first.y - reach ||
      canvas.y > last.y + reach) {
    return {};
  }
  const auto is_near = [&](double side, double place) { return std::abs(side - place) <= reach; };
  Sides sides{.left = is_near(first.x, canvas.x),
              .top = is_near(first.y, canvas.y),
              .right = is_near(last.x, canvas.x),
              .bottom = is_near(last.y, canvas.y)};
  // of a box that is thin on the screen only one of two opposite sides
  if (sides.right) sides.left = false;
  if (sides.bottom) sides.top = false;
  return sides;
}

// Marks the hovered and, more strongly, the chosen one.
void draw_halo(cairo_t* context, bool is_chosen) {
  cairo_set_source_rgba(context, 1, 1, 1, is_chosen ? 0.95 : 0.6);
  cairo_arc(context, 0, 0, kHalo, 0, 2 * std::numbers::pi);
  cairo_fill(context);
  if (!is_chosen) return;
  cairo_set_source_rgb(context, 0, 0, 0);
  cairo_set_line_width(context, 1.5);
  cairo_arc(context, 0, 0, kHalo, 0, 2 * std::numbers::pi);
  cairo_stroke(context);
}

}  // namespace

void draw_markers(cairo_t* context, std::span<const Marker> markers, const MarkerFocus& focus,
                  const ViewTransform& view, double pixel_ratio) {
  cairo_save(context);
  cairo_scale(context, pixel_ratio, pixel_ratio);
  const auto place_of = [&](const Marker& marker) {
    const Point place = view.to_canvas(marker.image);
    return Point{place.x / pixel_ratio, place.y / pixel_ratio};
  };
  const double right = view.canvas_width() / pixel_ratio;
  const double bottom = view.canvas_height() / pixel_ratio;
  for (std::size_t i = 0; i < markers.size(); ++i) draw_shape(context, markers[i], focus.has(i), view, pixel_ratio);
  for (std::size_t i = 0; i < markers.size(); ++i) {
    if (!focus.has(i) || !markers[i].has_circle()) continue;
    draw_radius(context, markers[i], place_of(markers[i]), *markers[i].radius * view.scale() / pixel_ratio,
                right, bottom);
  }
  for (std::size_t i = 0; i < markers.size(); ++i) {
    const Point place = place_of(markers[i]);
    cairo_save(context);
    cairo_translate(context, place.x, place.y);
    if (focus.has(i)) draw_halo(context, focus.chosen == i);
    if (!markers[i].is_satisfied) draw_warning(context, i + 1);
    draw_sign(context, markers[i].look);
    cairo_restore(context);
    if (!markers[i].look.text.empty()) draw_text(context, markers[i], place, right, bottom);
  }
  cairo_restore(context);
}

MarkerHit hit_marker(std::span<const Marker> markers, const MarkerFocus& focus, const ViewTransform& view, Point canvas,
                     double pixel_ratio) {
  if (const auto centre = marker_at(markers, view, canvas, pixel_ratio)) return {MarkerHit::Part::centre, *centre};
  for (std::size_t i = markers.size(); i-- > 0;) {
    if (!markers[i].box) continue;
    const Sides sides = sides_at(*markers[i].box, view, canvas, kSideReach * pixel_ratio);
    if (sides.any()) return {MarkerHit::Part::sides, i, sides};
  }
  for (std::size_t i = markers.size(); i-- > 0;) {
    if (!focus.has(i) || !markers[i].has_circle()) continue;
    const Point place = view.to_canvas(markers[i].image);
    const double distance = std::hypot(place.x - canvas.x, place.y - canvas.y);
    if (std::abs(distance - *markers[i].radius * view.scale()) <= kRimReach * pixel_ratio) {
      return {MarkerHit::Part::rim, i};
    }
  }
  return {};
}

std::optional<std::size_t> marker_at(std::span<const Marker> markers, const ViewTransform& view, Point canvas,
                                     double pixel_ratio) {
  for (std::size_t i = markers.size(); i-- > 0;) {
    const Point place = view.to_canvas(markers[i].image);
    if (std::hypot(place.x - canvas.x, place.y - canvas.y) <= kSignRadius * pixel_ratio) return i;
  }
  return std::nullopt;
}

std::optional<std::size_t> next_hovered(std::span<const Marker> markers, std::optional<std::size_t> hovered,
                                        const ViewTransform& view, Point canvas, double pixel_ratio) {
  const MarkerHit hit = hit_marker(markers, {}, view, canvas, pixel_ratio);  // no rims: nothing is hovered for it
  if (hit.part != MarkerHit::Part::nothing) return hit.marker;
  if (!hovered || *hovered >= markers.size()) return std::nullopt;
  const Marker& marker = markers[*hovered];
  if (!marker.has_circle()) return std::nullopt;
  const Point place = view.to_canvas(marker.image);
  const double reach = marker.radius.value_or(0) * view.scale() + kRimReach * pixel_ratio;
  return std::hypot(place.x - canvas.x, place.y - canvas.y) <= reach ? hovered : std::nullopt;
}

}  // namespace gbrs::plugin
