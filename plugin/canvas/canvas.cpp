// SPDX-License-Identifier: GPL-3.0-or-later
#include "canvas/canvas.hpp"

#include <algorithm>
#include <cmath>
#include <format>
#include <utility>

#include "base/translation.hpp"
#include "canvas/marker_shapes.hpp"
#include "canvas/meant_markers.hpp"

namespace gbrs::plugin {
namespace {

constexpr guint kMarchMs = 150;

}  // namespace

Canvas::Canvas(const PointerTool& tool, Callbacks callbacks)
    : tool_(tool),
      callbacks_(std::move(callbacks)),
      area_(gtk_drawing_area_new()),
      scene_([this] { gtk_widget_queue_draw(area_); }) {
  g_object_ref_sink(area_);
  gtk_widget_set_can_focus(area_, TRUE);
  gtk_widget_set_size_request(area_, 320, 240);
  gtk_widget_add_events(area_, GDK_BUTTON_PRESS_MASK | GDK_BUTTON_RELEASE_MASK | GDK_POINTER_MOTION_MASK |
                                   GDK_LEAVE_NOTIFY_MASK | GDK_SCROLL_MASK | GDK_SMOOTH_SCROLL_MASK |
                                   GDK_KEY_PRESS_MASK | GDK_KEY_RELEASE_MASK);
  AtkObject* const accessible = gtk_widget_get_accessible(area_);
  atk_object_set_name(accessible, _("Picture"));
  g_signal_connect(area_, "draw", G_CALLBACK(on_draw), this);
  g_signal_connect(area_, "button-press-event", G_CALLBACK(on_press), this);
  g_signal_connect(area_, "button-release-event", G_CALLBACK(on_release), this);
  g_signal_connect(area_, "motion-notify-event", G_CALLBACK(on_motion), this);
  g_signal_connect(area_, "leave-notify-event", G_CALLBACK(on_leave), this);
  g_signal_connect(area_, "scroll-event", G_CALLBACK(on_scroll), this);
  g_signal_connect(area_, "key-press-event", G_CALLBACK(on_key_press), this);
  g_signal_connect(area_, "key-release-event", G_CALLBACK(on_key_release), this);
  g_signal_connect(area_, "focus-out-event", G_CALLBACK(on_focus_out), this);
  g_signal_connect(area_, "size-allocate", G_CALLBACK(on_size), this);
  g_signal_connect(area_, "notify::scale-factor", G_CALLBACK(on_pixel_ratio), this);
}

Canvas::~Canvas() {
  for (const guint timer : {linger_, march_}) {
    if (timer != 0) g_source_remove(timer);
  }
  g_signal_handlers_disconnect_by_data(area_, this);
  g_object_unref(area_);
}

void Canvas::set_picture(std::shared_ptr<const Picture> picture) {
  if (view_.image_width() != picture->width() || view_.image_height() != picture->height()) {
    view_ = ViewTransform(picture->width(), picture->height());
  }
  scene_.set_picture(std::move(picture));
  resize();
}

void Canvas::set_markers(std::vector<Marker> markers) {
  // a marker that is held may be undone under the pointer; indices mean others then
  if (markers.size() < markers_.size()) {
    gesture_.abandon();
    focus_.hovered.reset();
  }
  markers_ = std::move(markers);
  if (focus_.chosen && *focus_.chosen >= markers_.size()) focus_.chosen.reset();
  gtk_widget_queue_draw(area_);
}

void Canvas::set_chosen(std::optional<std::size_t> marker) {
  focus_.chosen = marker;
  gtk_widget_queue_draw(area_);
}

void Canvas::set_brush(std::optional<double> radius) {
  brush_ = radius;
  if (!brush_) stroke_.reset();
  show_pointer();
  gtk_widget_queue_draw(area_);
}

std::optional<std::size_t> Canvas::meant_marker() const {
  const std::optional<Point> place = cursor_.place() ? view_.to_canvas(*cursor_.place()) : pointer_;
  if (place) {
    const MarkerHit hit = hit_marker(markers_, focus_, view_, *place, pixel_ratio_);
    if (hit.part != MarkerHit::Part::nothing) return hit.marker;
  }
  return focus_.chosen ? focus_.chosen : focus_.hovered;
}

bool Canvas::abandon_gesture() {
  const bool had_begun = corner_ || stroke_ || pair_;
  corner_.reset();
  stroke_.reset();
  pair_.reset();
  if (!gesture_.abandon() && !had_begun) return false;
  gtk_widget_queue_draw(area_);
  show_pointer();
  return true;
}

std::string Canvas::describe_view(int left, int top) const {
  const Point corner = view_.to_canvas({0, 0});
  // std::format: the log has decimal points in every language
  return std::format("{} {} {}", view_.scale() / pixel_ratio_, left + corner.x / pixel_ratio_,
                     top + corner.y / pixel_ratio_);
}

void Canvas::fit() {
  view_.fit();
  view_moved();
}

void Canvas::actual_size() {
  view_.actual_size();
  view_moved();
}

void Canvas::zoom(double factor) {
  view_.zoom(factor);
  view_moved();
}

void Canvas::view_moved() {
  scene_.set_transform(view_);
  if (scene_.picture() != nullptr) callbacks_.view_changed();
}

void Canvas::resize() {
  pixel_ratio_ = gtk_widget_get_scale_factor(area_);
  view_.resize(static_cast<int>(gtk_widget_get_allocated_width(area_) * pixel_ratio_),
               static_cast<int>(gtk_widget_get_allocated_height(area_) * pixel_ratio_));
  view_moved();
}

void Canvas::draw(cairo_t* context) {
  gtk_render_background(gtk_widget_get_style_context(area_), context, 0, 0, gtk_widget_get_allocated_width(area_),
                        gtk_widget_get_allocated_height(area_));
  if (scene_.picture() == nullptr) return;
  cairo_scale(context, 1 / pixel_ratio_, 1 / pixel_ratio_);  // from here on device pixels
  scene_.draw(context);
  if (scene_.comparison() == Scene::Comparison::original) return;
  draw_clicks(context);
  draw_brush_at_pointer(context);
  // who sees it is who draws it: the timer ends by itself where nobody does
  if (march_ == 0 && marches()) march_ = g_timeout_add(kMarchMs, on_march, this);
  if (gtk_widget_has_focus(area_)) cursor_.draw(context, view_, pixel_ratio_);
}

bool Canvas::marches() const {
  GdkWindow* const window = gtk_widget_get_window(area_);
  if (window == nullptr || !gtk_widget_is_drawable(area_) || !scene_.has_outline()) return false;
  if ((gdk_window_get_state(gdk_window_get_toplevel(window)) & GDK_WINDOW_STATE_ICONIFIED) != 0) return false;
  gboolean is_wanted = TRUE;
  g_object_get(gtk_widget_get_settings(area_), "gtk-enable-animations", &is_wanted, nullptr);
  return is_wanted != FALSE;
}

void Canvas::draw_brush_at_pointer(cairo_t* context) const {
  if (!brush_ || !pointer_ || gesture_.is_panning() || is_space_down_) return;
  cairo_save(context);
  cairo_scale(context, pixel_ratio_, pixel_ratio_);
  draw_brush(context, {pointer_->x / pixel_ratio_, pointer_->y / pixel_ratio_}, *brush_ * view_.scale() / pixel_ratio_,
             tool_.meant_look(!is_secondary_));
  cairo_restore(context);
}

// From the pixel where it began to that under the cursor, both within.
std::optional<Box> Canvas::keyboard_box() const {
  if (!corner_ || !cursor_.place()) return std::nullopt;
  const Point end = *cursor_.place();
  return Box{std::floor(std::min(corner_->x, end.x)), std::floor(std::min(corner_->y, end.y)),
             std::floor(std::max(corner_->x, end.x)) + 1, std::floor(std::max(corner_->y, end.y)) + 1};
}

// What comes of what has begun if it ended now.
Intention Canvas::meant() const {
  if (const auto box = keyboard_box()) return AddBox{*box};
  if (stroke_ && brush_) return stroke_of(*stroke_, *brush_, is_stroke_primary_);
  if (pair_ && pointed_image()) return AddPair{*pair_, *pointed_image()};
  return gesture_.preview();
}

void Canvas::draw_clicks(cairo_t* context) const {
  std::vector<Marker> markers = markers_;
  MarkerFocus focus = focus_;
  show_meant(
      meant(), [this](bool is_primary) { return tool_.meant_look(is_primary); }, markers, focus);
  draw_markers(context, markers, focus, view_, pixel_ratio_);
}

}  // namespace gbrs::plugin
