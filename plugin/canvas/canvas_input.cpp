// SPDX-License-Identifier: GPL-3.0-or-later
// What mouse, wheel and keys do on the canvas.
#include <cmath>
#include <utility>
#include <variant>

#include "base/guard.hpp"
#include "canvas/canvas.hpp"

namespace gbrs::plugin {
namespace {

constexpr double kWheelFactor = 1.25;
constexpr double kScrollStep = 60.0;  // logical pixels a wheel notch
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

const char* cursor_name(const Sides& sides) {
  if ((sides.left && sides.top) || (sides.right && sides.bottom)) return "nwse-resize";
  if ((sides.left && sides.bottom) || (sides.right && sides.top)) return "nesw-resize";
  return sides.left || sides.right ? "ew-resize" : "ns-resize";
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
  corner_.reset();
  stroke_.reset();
  is_secondary_ = *button == Gesture::Button::secondary || (event.state & GDK_CONTROL_MASK) != 0;
  pointer_moved(device(event.x, event.y));
  const MarkerHit hit = hit_marker(markers_, focus_, view_, *pointer_, pixel_ratio_);
  gesture_.press({.canvas = *pointer_,
                  .button = *button,
                  .has_control = (event.state & GDK_CONTROL_MASK) != 0,
                  .has_shift = (event.state & GDK_SHIFT_MASK) != 0 && tool_.takes_boxes(),
                  .has_space = is_space_down_,
                  .brush = brush_,
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
  is_secondary_ = (event.state & (GDK_CONTROL_MASK | GDK_BUTTON3_MASK)) != 0;
  pointer_moved(device(event.x, event.y));
  if (brush_ || pair_) gtk_widget_queue_draw(area_);
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
  } else if (const auto meant = paired(intention)) {
    callbacks_.intention(*meant);
  }
}

// The first of two places is kept until there is the second one.
std::optional<Intention> Canvas::paired(const Intention& intention) {
  if (std::holds_alternative<std::monostate>(intention)) return std::nullopt;
  const auto* const click = std::get_if<AddClick>(&intention);
  const auto* const choice = std::get_if<ChooseClick>(&intention);
  if (pair_ && choice != nullptr && choice->click) {
    return AddPair{*std::exchange(pair_, std::nullopt), markers_.at(*choice->click).image};
  }
  if (pair_ && click != nullptr) return AddPair{*std::exchange(pair_, std::nullopt), click->image};
  if (click == nullptr || !tool_.takes_pairs()) return intention;
  pair_ = *click;
  return std::nullopt;
}

std::optional<Point> Canvas::pointed_image() const {
  if (cursor_.place()) return cursor_.place();
  if (!pointer_ || !view_.contains(view_.to_image(*pointer_))) return std::nullopt;
  return view_.to_image(*pointer_);
}

bool Canvas::scroll(const GdkEventScroll& event) {
  if (scene_.picture() == nullptr) return false;
  const Notches wheel = notches(event);
  constexpr guint kAnyKey = GDK_CONTROL_MASK | GDK_SHIFT_MASK;
  if (tool_.takes_wheel() && (event.state & kAnyKey) == 0) {
    const MarkerHit hit = hit_marker(markers_, focus_, view_, device(event.x, event.y), pixel_ratio_);
    if (hit.part == MarkerHit::Part::centre) {
      obey(TurnClick{hit.marker, -wheel.y});
      return true;
    }
  }
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
    case GDK_KEY_Control_L:
    case GDK_KEY_Control_R:
      is_secondary_ = true;
      show_pointer();
      return false;
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
      enter(has_shift);
      return true;
    case GDK_KEY_r:
    case GDK_KEY_R:
      if (has_control || !tool_.takes_boxes()) return false;
      begin_box();
      return true;
    default:
      return move_cursor(event.keyval, has_control);
  }
}

void Canvas::enter(bool has_shift) {
  if (const auto box = keyboard_box()) {
    corner_.reset();
    obey(AddBox{*box});
  } else if (brush_ && cursor_.place()) {
    paint_by_keyboard(!has_shift);
  } else if (cursor_.place()) {
    obey(AddClick{*cursor_.place(), std::nullopt, !has_shift});
  }
}

// The first time it begins, the second time it ends.
void Canvas::paint_by_keyboard(bool is_primary) {
  if (stroke_) {
    const Intention painted = meant();
    stroke_.reset();
    obey(painted);
    return;
  }
  stroke_.emplace().begin(*cursor_.place());
  is_stroke_primary_ = is_primary;
  gtk_widget_queue_draw(area_);
}

void Canvas::begin_box() {
  if (!cursor_.place()) cursor_.move(0, 0, true, view_, pixel_ratio_);
  corner_ = corner_ ? std::nullopt : cursor_.place();  // pressed again, it is given up
  gtk_widget_queue_draw(area_);
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
  if (stroke_) stroke_->add(*cursor_.place());
  view_.reveal(*cursor_.place());
  view_moved();
  return true;
}

std::optional<PointedAt> Canvas::pointed_at() const {
  if (scene_.picture() == nullptr || !pointer_ || gesture_.is_active() || is_space_down_ || brush_) return std::nullopt;
  const Point image = view_.to_image(*pointer_);
  const MarkerHit hit = hit_marker(markers_, focus_, view_, *pointer_, pixel_ratio_);
  if (!view_.contains(image) || hit.part == MarkerHit::Part::centre) return std::nullopt;
  return PointedAt{image, !is_secondary_};
}

void Canvas::show_pointer() {
  callbacks_.pointed(pointed_at());
  GdkWindow* const window = gtk_widget_get_window(area_);
  if (window == nullptr || !pointer_) return;
  const Intention meant = gesture_.preview();
  const MarkerHit hit = hit_marker(markers_, focus_, view_, *pointer_, pixel_ratio_);
  const char* name = "crosshair";
  if (gesture_.is_panning() || is_space_down_) {
    name = gesture_.is_panning() ? "grabbing" : "grab";
  } else if (gesture_.is_active()) {
    if (std::holds_alternative<MoveClick>(meant)) name = "move";
  } else if (brush_) {
    // with its own circle
  } else if (hit.part == MarkerHit::Part::centre) {
    name = "move";
  } else if (hit.part == MarkerHit::Part::rim) {
    name = "nwse-resize";
  } else if (hit.part == MarkerHit::Part::sides) {
    name = cursor_name(hit.sides);
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
    canvas.callbacks_.pointed(std::nullopt);
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
    if (event->keyval == GDK_KEY_Control_L || event->keyval == GDK_KEY_Control_R) canvas.is_secondary_ = false;
    canvas.show_pointer();
    return false;
  });
}

// Nobody would tell that a key is let go.
gboolean Canvas::on_focus_out(GtkWidget*, GdkEvent*, gpointer self) {
  return call(self, [](Canvas& canvas) {
    canvas.is_space_down_ = canvas.is_secondary_ = false;
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

gboolean Canvas::on_march(gpointer self) {
  auto* const canvas = static_cast<Canvas*>(self);
  if (canvas->marches()) {
    canvas->scene_.march();
    return G_SOURCE_CONTINUE;
  }
  canvas->march_ = 0;
  return G_SOURCE_REMOVE;
}

}  // namespace gbrs::plugin
