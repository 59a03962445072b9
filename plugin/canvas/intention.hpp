// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <variant>
#include <vector>

#include "canvas/view_transform.hpp"
#include "gbrs/step.hpp"

// What the user means by a gesture, a key or a button. Indices count marks (marks.hpp), whatever they are: clicks,
// strokes, boxes. Places are continuous image pixels inside the picture, radii image pixels.

namespace gbrs::plugin {

struct AddClick {
  Point image;
  std::optional<double> radius;  ///< none: the engine chooses
  bool is_primary = true;        ///< by the left button, or by Enter: what a task asks for first
};
struct AddPair {  ///< a click that asks for what there is at another place
  AddClick click;
  Point other;
};
struct AddStroke {
  std::vector<Point> places;
  double radius = 1;
  bool is_primary = true;
  std::vector<Point> way = {};  ///< all of it, of which `places` are some
};
struct AddBox {
  Box box;
};
struct SetBox {  ///< another size or place
  std::size_t click = 0;
  Box box;
};
struct MoveClick {
  std::size_t click = 0;
  Point image;
};
struct SetRadius {
  std::size_t click = 0;
  std::optional<double> radius;  ///< none: the engine chooses
};
struct FlipClick {  ///< into its opposite: include becomes exclude and the other way round
  std::size_t click = 0;
};
struct SetTarget {  ///< another number in its place: a depth, a class
  std::size_t click = 0;
  double target = 0;
};
struct TurnClick {  ///< the wheel over it: a larger or smaller number
  std::size_t click = 0;
  double notches = 0;  ///< upwards
};
struct RemoveClick {
  std::size_t click = 0;
};
struct ChooseClick {  ///< the one that keys and the list's buttons mean; none: no click
  std::optional<std::size_t> click;
};
struct Pan {  ///< moves the picture by so many device pixels
  double dx = 0;
  double dy = 0;
};

using Intention = std::variant<std::monostate, AddClick, AddPair, AddStroke, AddBox, SetBox, MoveClick, SetRadius,
                               FlipClick, SetTarget, TurnClick, RemoveClick, ChooseClick, Pan>;

/// Whether it makes a new mark.
[[nodiscard]] inline bool adds(const Intention& intention) {
  return std::holds_alternative<AddClick>(intention) || std::holds_alternative<AddStroke>(intention) ||
         std::holds_alternative<AddBox>(intention) || std::holds_alternative<AddPair>(intention);
}

/// For std::visit: one lambda for each alternative that matters.
template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};

}  // namespace gbrs::plugin
