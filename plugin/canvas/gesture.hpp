// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>

#include "canvas/intention.hpp"
#include "canvas/markers.hpp"
#include "canvas/stroke.hpp"
#include "canvas/view_transform.hpp"

// From press, motion and release on the canvas to what the user means by them. Knows neither GTK nor GIMP.
//
//   press, release                 a click; the engine chooses how far it reaches
//   press, drag, release           a click that reaches as far as was dragged
//   right button, Ctrl             the same, excluding
//   Shift, drag                    a box
//   with a brush: press, drag      a stroke, whatever lies below
//   on a marker's centre           choose it; drag: move it; twice: flip it; right button: flip an including one
//   on the rim of a shown circle   drag: change the radius
//   on a box's side or corner      drag: change the box
//   middle button, Space           pan

namespace gbrs::plugin {

/// What a brush of this radius [image pixels] means with its way: a stroke, or where it did not move, a click.
[[nodiscard]] Intention stroke_of(const Stroke& way, double radius, bool is_primary);

class Gesture final {
 public:
  enum class Button { primary, middle, secondary };
  struct Press {
    Point canvas;  ///< device pixels
    Button button = Button::primary;
    bool has_control = false;
    bool has_shift = false;
    bool has_space = false;
    std::optional<double> brush = std::nullopt;  ///< its radius in image pixels; none: it is not in the hand
    MarkerHit hit = {};                          ///< what lies there
    Marker marker = {};                          ///< the one that was hit
    double threshold = 4;                        ///< device pixels; a shorter way is a click by an unsteady hand
  };

  /// A button goes down. False: nothing begins, because another button is down or the place means nothing.
  bool press(const Press& press, const ViewTransform& view);
  /// The system's double click; comes after its second press. Flips a marker that the first click chose.
  Intention press_twice();
  /// The pointer moved, or the view under it. Pan, or nothing.
  Intention move(Point canvas, const ViewTransform& view);
  /// The button goes up: what the whole gesture means.
  Intention release(Button button);
  /// Nothing is to come of it. False: nothing had begun.
  bool abandon();

  /// What it would mean if the button went up now; for showing it.
  [[nodiscard]] Intention preview() const;
  [[nodiscard]] bool is_active() const { return kind_ != Kind::none; }
  [[nodiscard]] bool is_panning() const { return kind_ == Kind::pan; }

 private:
  enum class Kind { none, pan, add, move, resize, stroke, box, sides };

  [[nodiscard]] Kind kind_of(const Press& press, bool is_plain, bool is_inside) const;
  [[nodiscard]] Intention meaning() const;
  [[nodiscard]] Box changed_box() const;
  [[nodiscard]] std::optional<double> dragged_radius() const;

  Kind kind_ = Kind::none;
  Button button_ = Button::primary;
  bool is_primary_ = true;
  MarkerHit hit_;
  Marker marker_;
  double threshold_ = 4;
  Point start_;          // canvas
  Point pointer_;        // canvas
  Point start_image_;    // image, inside the picture
  Point anchor_;         // image: where the click, or the centre of the circle, is
  Point pointer_image_;  // image, inside the picture
  Point start_bounded_;  // image, up to the picture's borders, where pointer_image_ is a pixel's middle
  Point bounded_;        // the pointer, likewise
  Stroke stroke_;
  double brush_ = 1;         // radius, image pixels
  double distance_ = 0;      // image pixels from the anchor to the pointer, which may be beside the picture
  double grip_ = 0;          // image pixels by which the rim was missed when it was taken
  bool is_dragged_ = false;  // was away from the start by more than the threshold, once
  bool is_away_ = false;     // is so now
  std::optional<std::size_t> chosen_last_;  // by the gesture before
};

}  // namespace gbrs::plugin
