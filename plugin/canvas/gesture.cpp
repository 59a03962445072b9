// SPDX-License-Identifier: GPL-3.0-or-later
#include "canvas/gesture.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace gbrs::plugin {
namespace {

constexpr double kSmallestRadius = 1;

double distance(Point a, Point b) { return std::hypot(a.x - b.x, a.y - b.y); }

// Whole pixels: what is shown beside the circle is what the engine gets.
double whole_radius(double radius) { return std::max(kSmallestRadius, std::round(radius)); }

// Up to the picture's borders, on whole pixels.
Point bounded(Point image, const ViewTransform& view) {
  return {std::clamp(std::round(image.x), 0.0, static_cast<double>(view.image_width())),
          std::clamp(std::round(image.y), 0.0, static_cast<double>(view.image_height()))};
}

// Between two corners, at least a pixel wide and high.
std::optional<Box> box_between(Point a, Point b) {
  const Box box{std::min(a.x, b.x), std::min(a.y, b.y), std::max(a.x, b.x), std::max(a.y, b.y)};
  if (box.right - box.left < 1 || box.bottom - box.top < 1) return std::nullopt;
  return box;
}

}  // namespace

Intention stroke_of(const Stroke& way, double radius, bool is_primary) {
  auto places = way.places(radius);
  if (places.size() == 1) return AddClick{places.front(), whole_radius(radius), is_primary};
  return AddStroke{std::move(places), whole_radius(radius), is_primary, way.path()};
}

Gesture::Kind Gesture::kind_of(const Press& press, bool is_plain, bool is_inside) const {
  if (press.button == Button::middle || (press.button == Button::primary && press.has_space)) return Kind::pan;
  if (is_plain && press.has_shift) return Kind::box;
  if (press.brush) return is_inside ? Kind::stroke : Kind::none;
  if (is_plain && press.hit.part == MarkerHit::Part::centre) return Kind::move;
  if (is_plain && press.hit.part == MarkerHit::Part::rim) return Kind::resize;
  if (is_plain && press.hit.part == MarkerHit::Part::sides) return Kind::sides;
  return is_inside ? Kind::add : Kind::none;
}

bool Gesture::press(const Press& press, const ViewTransform& view) {
  if (is_active()) return false;
  const bool is_plain = press.button == Button::primary && !press.has_control;
  const Point image = view.to_image(press.canvas);
  kind_ = kind_of(press, is_plain, view.contains(image));
  if (kind_ == Kind::none) return false;
  button_ = press.button;
  is_primary_ = is_plain;
  hit_ = press.hit;
  marker_ = press.marker;
  threshold_ = press.threshold;
  start_ = pointer_ = press.canvas;
  anchor_ = kind_ == Kind::add ? image : press.marker.image;
  start_image_ = pointer_image_ = view.nearest_inside(image);
  start_bounded_ = bounded_ = bounded(image, view);
  brush_ = press.brush.value_or(1);
  stroke_.begin(start_image_);
  distance_ = distance(image, anchor_);
  grip_ = kind_ == Kind::resize ? distance_ - press.marker.radius.value_or(distance_) : 0;
  is_dragged_ = is_away_ = false;
  return true;
}

Intention Gesture::press_twice() {
  if (kind_ != Kind::move || chosen_last_ != hit_.marker) return {};
  kind_ = Kind::none;
  chosen_last_.reset();
  return FlipClick{hit_.marker};
}

Intention Gesture::move(Point canvas, const ViewTransform& view) {
  if (!is_active()) return {};
  const Point before = std::exchange(pointer_, canvas);
  if (kind_ == Kind::pan) return Pan{canvas.x - before.x, canvas.y - before.y};
  const Point image = view.to_image(canvas);
  is_away_ = distance(canvas, start_) > threshold_;
  is_dragged_ = is_dragged_ || is_away_;
  pointer_image_ = view.nearest_inside(image);
  bounded_ = bounded(image, view);
  distance_ = distance(image, anchor_);
  if (kind_ == Kind::stroke) stroke_.add(pointer_image_);
  return {};
}

Intention Gesture::release(Button button) {
  if (!is_active() || button != button_) return {};
  const Intention meant = meaning();
  kind_ = Kind::none;
  const auto* const choice = std::get_if<ChooseClick>(&meant);
  chosen_last_ = choice != nullptr ? choice->click : std::nullopt;
  return meant;
}

bool Gesture::abandon() {
  chosen_last_.reset();
  return std::exchange(kind_, Kind::none) != Kind::none;
}

Intention Gesture::preview() const { return meaning(); }

std::optional<double> Gesture::dragged_radius() const {
  // back at the start: a plain click after all
  if (!is_away_) return std::nullopt;
  return whole_radius(distance_);
}

Box Gesture::changed_box() const {
  Box box = *marker_.box;
  if (hit_.sides.left) box.left = std::min(bounded_.x, box.right - 1);
  if (hit_.sides.right) box.right = std::max(bounded_.x, box.left + 1);
  if (hit_.sides.top) box.top = std::min(bounded_.y, box.bottom - 1);
  if (hit_.sides.bottom) box.bottom = std::max(bounded_.y, box.top + 1);
  return box;
}

Intention Gesture::meaning() const {
  switch (kind_) {
    case Kind::none:
    case Kind::pan:
      break;
    case Kind::add:
      // another click on the same pixel would only contradict the one that is there
      if (hit_.part == MarkerHit::Part::centre && !is_away_) {
        if (is_opposite(marker_.look.sign, is_primary_)) return FlipClick{hit_.marker};
        return ChooseClick{hit_.marker};
      }
      return AddClick{anchor_, dragged_radius(), is_primary_};
    case Kind::move:
      if (is_dragged_) return MoveClick{hit_.marker, pointer_image_};
      return ChooseClick{hit_.marker};
    case Kind::resize:
      if (is_dragged_) return SetRadius{hit_.marker, whole_radius(distance_ - grip_)};
      // a rim is no obstacle to a click on the picture beneath it
      return AddClick{start_image_, std::nullopt, is_primary_};
    case Kind::stroke:
      return stroke_of(stroke_, brush_, is_primary_);
    case Kind::box:
      if (const auto box = box_between(start_bounded_, bounded_); box && is_away_) return AddBox{*box};
      break;
    case Kind::sides:
      if (is_dragged_) return SetBox{hit_.marker, changed_box()};
      // no obstacle to a click on the picture either
      return AddClick{start_image_, std::nullopt, is_primary_};
  }
  return {};
}

}  // namespace gbrs::plugin
