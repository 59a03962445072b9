// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/depth/depth_legend.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/guard.hpp"
#include "base/translation.hpp"

namespace gbrs::plugin {
namespace {

constexpr double kMargin = 9;  // above and below the bar: half a number's height
constexpr double kBarWidth = 26;
constexpr double kGap = 6;
constexpr double kTick = 5;
constexpr int kLeastHeight = 120;
constexpr int kMostNumbers = 8;

}  // namespace

DepthLegend::DepthLegend(std::function<void(const std::string& message)> on_error)
    : on_error_(std::move(on_error)), area_(gtk_drawing_area_new()) {
  g_object_ref_sink(area_);
  gtk_widget_set_size_request(area_, -1, kLeastHeight);
  atk_object_set_name(gtk_widget_get_accessible(area_), _("Legend"));
  g_signal_connect(area_, "draw", G_CALLBACK(on_draw), this);
}

DepthLegend::~DepthLegend() {
  g_signal_handlers_disconnect_by_data(area_, this);
  g_object_unref(area_);
}

void DepthLegend::set(DepthView view, const DepthScale& scale, const std::string& unit) {
  view_ = view;
  scale_ = scale;
  unit_ = unit;
  gtk_widget_queue_draw(area_);
}

void DepthLegend::point(std::optional<double> depth) {
  if (depth == pointed_) return;
  pointed_ = depth;
  gtk_widget_queue_draw(area_);
}

gboolean DepthLegend::on_draw(GtkWidget*, cairo_t* context, gpointer data) {
  const auto* const self = static_cast<const DepthLegend*>(data);
  guarded(false, self->on_error_, [&] {
    self->draw(context);
    return true;
  });
  return TRUE;
}

void DepthLegend::draw(cairo_t* context) const {
  const double height = gtk_widget_get_allocated_height(area_) - 2 * kMargin;
  if (height < 1 || scale_.far <= scale_.near) return;
  cairo_translate(context, 0.5, kMargin);
  draw_bar(context, height);
  draw_numbers(context, height);
  if (!pointed_) return;
  const double y = height * (1 - std::clamp(share_of(*pointed_), 0.0, 1.0));
  for (const double width : {4.0, 2.0}) {
    const double grey = width > 3 ? 1 : 0;
    cairo_set_source_rgb(context, grey, grey, grey);
    cairo_set_line_width(context, width);
    cairo_move_to(context, 0, y);
    cairo_line_to(context, kBarWidth, y);
    cairo_stroke(context);
  }
}

// A row of pixels after the other: the shades are those of the painter.
void DepthLegend::draw_bar(cairo_t* context, double height) const {
  for (double y = 0; y < height; ++y) {
    const double depth = scale_.near + (scale_.far - scale_.near) * (1 - y / height);
    Colour colour = depth_colour(
        grey_of({1, 1, {static_cast<float>(depth)}},
                {.near = scale_.near, .far = scale_.far, .is_disparity = scale_.is_disparity, .is_near_white = false})
            .values.front());
    if (view_ == DepthView::grey) {
      const double grey = grey_of({1, 1, {static_cast<float>(depth)}}, scale_).values.front();
      colour = {grey, grey, grey};
    }
    cairo_set_source_rgb(context, colour.red, colour.green, colour.blue);
    cairo_rectangle(context, 0, y, kBarWidth, std::min(1.0, height - y));
    cairo_fill(context);
  }
  GdkRGBA text;
  gtk_style_context_get_color(gtk_widget_get_style_context(area_), GTK_STATE_FLAG_NORMAL, &text);
  gdk_cairo_set_source_rgba(context, &text);
  cairo_set_line_width(context, 1);
  cairo_rectangle(context, 0, 0, kBarWidth, height);
  cairo_stroke(context);
}

void DepthLegend::draw_numbers(cairo_t* context, double height) const {
  const double step = contour_step(scale_.far - scale_.near, kMostNumbers);
  const int digits = std::max(0, static_cast<int>(-std::floor(std::log10(step))));
  for (double depth = std::ceil(scale_.near / step) * step; depth <= scale_.far; depth += step) {
    const double y = std::round(height * (1 - share_of(depth))) + 0.5;
    cairo_move_to(context, kBarWidth, y);
    cairo_line_to(context, kBarWidth + kTick, y);
    cairo_stroke(context);
    std::string number = formatted("%.*f", digits, depth);
    if (!unit_.empty()) number += ' ' + unit_;
    PangoLayout* const layout = gtk_widget_create_pango_layout(area_, number.c_str());
    int text_height = 0;
    pango_layout_get_pixel_size(layout, nullptr, &text_height);
    cairo_move_to(context, kBarWidth + kTick + kGap, y - text_height / 2.0);
    pango_cairo_show_layout(context, layout);
    g_object_unref(layout);
  }
}

double DepthLegend::share_of(double depth) const { return (depth - scale_.near) / (scale_.far - scale_.near); }

}  // namespace gbrs::plugin
