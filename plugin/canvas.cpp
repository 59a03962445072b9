// SPDX-License-Identifier: GPL-3.0-or-later
#include "canvas.hpp"

#include <algorithm>
#include <cmath>
#include <format>
#include <utility>
#include <variant>

#include "guard.hpp"
#include "translation.hpp"

namespace gbrs::plugin {
namespace {

constexpr double kWheelFactor = 1.25;
constexpr double kScrollStep = 60.0;    // logical pixels a wheel notch
constexpr guint kLingerMs = 1500;
constexpr double kDragThreshold = 4.0;  // logical pixels; less is a click by an unsteady hand

struct Notches {
  double x = 0;
  double y = 0;
};

Notches notches(const GdkEventScroll& event) {
  switch (event.direction) {
    case GDK_SCROLL_UP:
      return {0, -1};
    case GDK_SCROLL_DOWN:
      return {0, 1};
    case GDK_SCROLL_LEFT:
      return {-1, 0};
    case GDK_SCROLL_RIGHT:
      return {1, 0};
    case GDK_SCROLL_SMOOTH:
      return {event.delta_x, event.delta_y};
  }
  return {};
}

std::optional<Gesture::Button> button_of(guint button) {
  switch (button) {
    case GDK_BUTTON_PRIMARY:
      return Gesture::Button::primary;
    case GDK_BUTTON_MIDDLE:
      return Gesture::Button::middle;
    case GDK_BUTTON_SECONDARY:
      return Gesture::Button::secondary;
    default:
      return std::nullopt;
  }
}

}  // namespace

template <class Body>
gboolean Canvas::call(gpointer self, Body&& body) {
  auto* const canvas = static_cast<Canvas*>(self);
  return guarded(FALSE, canvas->callbacks_.error, [&] { return body(*canvas) ? TRUE : FALSE; });
}

Canvas::Canvas(Callbacks callbacks)
    : callbacks_(std::move(callbacks)),
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
  atk_object_set_description(accessible, _("Arrow keys move a cursor; Enter includes what is under it, Shift+Enter "
                                           "excludes it."));
  g_signal_connect(area_, "draw", G_CALLBACK(on_draw), this);
  g_signal_connect(area_, "button-press-event", G_CALLBACK(on_press), this);
  g_signal_connect(area_, "button-release-event", G_CALLBACK(on_release), this);
  g_signal_connect(area_, "motion-notify-event", G_CALLBACK(on_motion), this);
  g_signal_connect(area_, "leave-notify-event", G_CALLBACK(on_leave), this);
  g_signal_connect(area_, "scroll-event", G_CALLBACK(on_scroll), this);
  g_signal_connect(area_, "key-press-event", G_CALLBACK(on_key_press), this);
  g_signal_connect(area_, "key-release-event", G_CALLBACK(on_key_release), this);
  g_signal_connect(area_, "size-allocate", G_CALLBACK(on_size), this);
  g_signal_connect(area_, "notify::scale-factor", G_CALLBACK(on_pixel_ratio), this);
}

Canvas::~Canvas() {
  if (linger_ != 0) g_source_remove(linger_);
  g_signal_handlers_disconnect_by_data(area_, this);
  g_object_unref(area_);
}

void Canvas::set_picture(std::unique_ptr<const Picture> picture) {
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

std::optional<std::size_t> Canvas::meant_marker() const {
  const std::optional<Point> place = cursor_.place() ? view_.to_canvas(*cursor_.place()) : pointer_;
  if (place) {
    const MarkerHit hit = hit_marker(markers_, focus_, view_, *place, pixel_ratio_);
    if (hit.part != MarkerHit::Part::nothing) return hit.marker;
  }
  return focus_.chosen ? focus_.chosen : focus_.hovered;
}

bool Canvas::abandon_gesture() {
  if (!gesture_.abandon()) return false;
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
  scene_.draw(context, !markers_.empty());
  if (scene_.comparison() == Scene::Comparison::original) return;
  draw_clicks(context);
  if (gtk_widget_has_focus(area_)) cursor_.draw(context, view_, pixel_ratio_);
}

// The markers as they will be when the button goes up.
void Canvas::draw_clicks(cairo_t* context) const {
  std::vector<Marker> markers = markers_;
  MarkerFocus focus = focus_;
  std::visit(Overloaded{[&](const AddClick& add) {
                          focus.hovered = markers.size();
                          markers.push_back({.image = add.image,
                                             .is_include = add.is_include,
                                             .radius = add.radius,
                                             .is_radius_given = true});
                        },
                        [&](const MoveClick& move) { markers.at(move.click).image = move.image; },
                        [&](const SetRadius& set) {
                          markers.at(set.click).radius = set.radius;
                          markers.at(set.click).is_radius_given = true;
                        },
                        [](const auto&) {}},
             gesture_.preview());
  draw_markers(context, markers, focus, view_, pixel_ratio_);
}

bool Canvas::press(const GdkEventButton& event) {
  if (scene_.picture() == nullptr) return false;
  if (event.type == GDK_2BUTTON_PRESS && event.button == GDK_BUTTON_PRIMARY) {
    obey(gesture_.press_twice());
    return true;
  }
  if (event.type != GDK_BUTTON_PRESS) return false;
  gtk_widget_grab_focus(area_);
  const auto button = button_of(event.button);
  if (!button) return false;
  cursor_.hide();
  pointer_moved(device(event.x, event.y));
  const MarkerHit hit = hit_marker(markers_, focus_, view_, *pointer_, pixel_ratio_);
  gesture_.press({.canvas = *pointer_,
                  .button = *button,
                  .has_control = (event.state & GDK_CONTROL_MASK) != 0,
                  .has_space = is_space_down_,
                  .hit = hit,
                  .marker = hit.part == MarkerHit::Part::nothing ? Marker{} : markers_[hit.marker],
                  .threshold = kDragThreshold * pixel_ratio_},
                 view_);
  gtk_widget_queue_draw(area_);
  show_pointer();
  return true;
}

bool Canvas::motion(const GdkEventMotion& event) {
  if (scene_.picture() == nullptr) return false;
  pointer_moved(device(event.x, event.y));
  return gesture_.is_active();
}

bool Canvas::release(const GdkEventButton& event) {
  const auto button = button_of(event.button);
  if (scene_.picture() == nullptr || !button || !gesture_.is_active()) return false;
  pointer_moved(device(event.x, event.y));
  const Intention intention = gesture_.release(*button);
  gtk_widget_queue_draw(area_);
  obey(intention);
  show_pointer();
  return true;
}

void Canvas::pointer_moved(Point canvas) {
  pointer_ = canvas;
  if (gesture_.is_active()) {
    obey(gesture_.move(canvas, view_));
    gtk_widget_queue_draw(area_);
  } else {
    hover(next_hovered(markers_, focus_.hovered, view_, canvas, pixel_ratio_));
    const bool is_between = hit_marker(markers_, focus_, view_, canvas, pixel_ratio_).part == MarkerHit::Part::nothing;
    if (focus_.hovered && is_between && linger_ == 0) linger_ = g_timeout_add(kLingerMs, on_lingered, this);
  }
  show_pointer();
}

void Canvas::hover(std::optional<std::size_t> marker) {
  if (marker == focus_.hovered) return;
  focus_.hovered = marker;
  gtk_widget_queue_draw(area_);
}

// The pointer has had time to go from the centre to the rim; a circle that stays for longer is in the way.
gboolean Canvas::on_lingered(gpointer self) {
  static_cast<Canvas*>(self)->linger_ = 0;
  call(self, [](Canvas& canvas) {
    if (canvas.gesture_.is_active() || !canvas.pointer_) return true;
    const MarkerHit hit =
        hit_marker(canvas.markers_, canvas.focus_, canvas.view_, *canvas.pointer_, canvas.pixel_ratio_);
    if (hit.part == MarkerHit::Part::nothing) canvas.hover(std::nullopt);
    return true;
  });
  return G_SOURCE_REMOVE;
}

void Canvas::obey(const Intention& intention) {
  if (const auto* const pan = std::get_if<Pan>(&intention)) {
    view_.pan(pan->dx, pan->dy);
    view_moved();
  } else if (!std::holds_alternative<std::monostate>(intention)) {
    callbacks_.intention(intention);
  }
}

bool Canvas::scroll(const GdkEventScroll& event) {
  if (scene_.picture() == nullptr) return false;
  const Notches wheel = notches(event);
  if ((event.state & GDK_CONTROL_MASK) != 0) {
    view_.zoom(std::pow(kWheelFactor, -wheel.y), device(event.x, event.y));
  } else {
    const double step = kScrollStep * pixel_ratio_;
    // Shift turns the wheel's one direction to the side; a touchpad has both
    const bool is_turned = (event.state & GDK_SHIFT_MASK) != 0 && wheel.x == 0;
    view_.pan(-(is_turned ? wheel.y : wheel.x) * step, is_turned ? 0 : -wheel.y * step);
  }
  view_moved();
  pointer_moved(device(event.x, event.y));  // another place of the picture lies under it
  return true;
}

bool Canvas::key_press(const GdkEventKey& event) {
  if (scene_.picture() == nullptr) return false;
  const bool has_control = (event.state & GDK_CONTROL_MASK) != 0;
  const bool has_shift = (event.state & GDK_SHIFT_MASK) != 0;
  switch (event.keyval) {
    case GDK_KEY_space:
      is_space_down_ = true;
      show_pointer();
      return true;
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
      if (cursor_.place()) obey(AddClick{*cursor_.place(), std::nullopt, !has_shift});
      return true;
    default:
      return move_cursor(event.keyval, has_control);
  }
}

bool Canvas::move_cursor(guint key, bool is_fine) {
  const auto move = [&](int dx, int dy) { cursor_.move(dx, dy, is_fine, view_, pixel_ratio_); };
  switch (key) {
    case GDK_KEY_Left:
      move(-1, 0);
      break;
    case GDK_KEY_Right:
      move(1, 0);
      break;
    case GDK_KEY_Up:
      move(0, -1);
      break;
    case GDK_KEY_Down:
      move(0, 1);
      break;
    default:
      return false;
  }
  view_.reveal(*cursor_.place());
  view_moved();
  return true;
}

void Canvas::show_pointer() {
  GdkWindow* const window = gtk_widget_get_window(area_);
  if (window == nullptr || !pointer_) return;
  const Intention meant = gesture_.preview();
  const MarkerHit hit = hit_marker(markers_, focus_, view_, *pointer_, pixel_ratio_);
  const char* name = "crosshair";
  if (gesture_.is_panning() || is_space_down_) {
    name = gesture_.is_panning() ? "grabbing" : "grab";
  } else if (gesture_.is_active()) {
    if (std::holds_alternative<MoveClick>(meant)) name = "move";
  } else if (hit.part == MarkerHit::Part::centre) {
    name = "move";
  } else if (hit.part == MarkerHit::Part::rim) {
    name = "nwse-resize";
  } else if (!view_.contains(view_.to_image(*pointer_))) {
    name = "default";
  }
  if (name == pointer_name_) return;
  pointer_name_ = name;
  GdkCursor* const cursor = gdk_cursor_new_from_name(gtk_widget_get_display(area_), name);
  gdk_window_set_cursor(window, cursor);
  if (cursor != nullptr) g_object_unref(cursor);
}

// ---- what GTK calls --------------------------------------------------------------------------------------

gboolean Canvas::on_draw(GtkWidget*, cairo_t* context, gpointer self) {
  return call(self, [&](Canvas& canvas) {
    canvas.draw(context);
    return true;
  });
}

gboolean Canvas::on_press(GtkWidget*, GdkEventButton* event, gpointer self) {
  return call(self, [&](Canvas& canvas) { return canvas.press(*event); });
}

gboolean Canvas::on_motion(GtkWidget*, GdkEventMotion* event, gpointer self) {
  return call(self, [&](Canvas& canvas) { return canvas.motion(*event); });
}

gboolean Canvas::on_release(GtkWidget*, GdkEventButton* event, gpointer self) {
  return call(self, [&](Canvas& canvas) { return canvas.release(*event); });
}

gboolean Canvas::on_leave(GtkWidget*, GdkEventCrossing*, gpointer self) {
  return call(self, [&](Canvas& canvas) {
    if (canvas.gesture_.is_active()) return false;
    canvas.pointer_.reset();
    canvas.hover(std::nullopt);
    return false;
  });
}

gboolean Canvas::on_scroll(GtkWidget*, GdkEventScroll* event, gpointer self) {
  return call(self, [&](Canvas& canvas) { return canvas.scroll(*event); });
}

gboolean Canvas::on_key_press(GtkWidget*, GdkEventKey* event, gpointer self) {
  return call(self, [&](Canvas& canvas) { return canvas.key_press(*event); });
}

gboolean Canvas::on_key_release(GtkWidget*, GdkEventKey* event, gpointer self) {
  return call(self, [&](Canvas& canvas) {
    if (event->keyval == GDK_KEY_space) canvas.is_space_down_ = false;
    canvas.show_pointer();
    return false;
  });
}

void Canvas::on_size(GtkWidget*, GdkRectangle*, gpointer self) {
  call(self, [](Canvas& canvas) {
    canvas.resize();
    return true;
  });
}

void Canvas::on_pixel_ratio(GObject*, GParamSpec*, gpointer self) { on_size(nullptr, nullptr, self); }

}  // namespace gbrs::plugin
