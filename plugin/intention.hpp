// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <variant>

#include "view_transform.hpp"

// What the user means by a gesture, a key or a button. Indices count clicks in the session's order. Places are
// continuous image pixels inside the picture, radii image pixels.

namespace gbrs::plugin {

struct AddClick {
  Point image;
  std::optional<double> radius;  ///< none: the engine chooses
  bool is_include = true;
};
struct MoveClick {
  std::size_t click = 0;
  Point image;
};
struct SetRadius {
  std::size_t click = 0;
  std::optional<double> radius;  ///< none: the engine chooses
};
struct FlipClick {  ///< include becomes exclude and the other way round
  std::size_t click = 0;
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

using Intention =
    std::variant<std::monostate, AddClick, MoveClick, SetRadius, FlipClick, RemoveClick, ChooseClick, Pan>;

/// For std::visit: one lambda for each alternative that matters.
template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};

}  // namespace gbrs::plugin
