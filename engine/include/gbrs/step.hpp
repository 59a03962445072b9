// SPDX-License-Identifier: Apache-2.0
#pragma once

// A step: what one gesture says, and its written form, the same on the command line, in GIMP's procedure and in what
// is kept with an image.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gbrs/click.hpp"
#include "gbrs/error.hpp"
#include "gbrs/export.hpp"

namespace gbrs {

/// A rectangle that the object fills: where the network looks, and a hint. Continuous image pixels.
struct Box {
  double left = 0;
  double top = 0;
  double right = 0;   ///< > left
  double bottom = 0;  ///< > top
  bool operator==(const Box&) const = default;
};

/// One step of the history: some clicks, the clicks of one stroke, or a box.
struct Step {
  std::vector<Click> clicks;
  bool is_refined = true;                 ///< false: it was cancelled and replays as the network's first answer
  bool is_stroke = false;                 ///< its clicks are one gesture: no other click joins them
  std::optional<Box> box = std::nullopt;  ///< then there are no clicks

  [[nodiscard]] bool is_empty() const { return clicks.empty() && !box; }
  bool operator==(const Step&) const = default;
};

/// Each click as a step of its own: as somebody clicks who looks at each answer.
GBRS_API std::vector<Step> one_by_one(std::span<const Click> clicks);

/// Reads steps separated by white space: a click as parse_clicks reads it, the clicks of a stroke joined by ";", or a
/// box "LEFT,TOP,RIGHT,BOTTOM": "10,20,300,200 120,80,+ 40,30,-,5;44,30,-,5". Sides are continuous coordinates.
/// Errors: invalid_argument naming what is wrong.
GBRS_API Expected<std::vector<Step>> parse_steps(std::string_view text);

/// The written form of steps; parse_steps gives back exactly the same values, each click of a step that is no stroke
/// as a step of its own and all of them refined.
GBRS_API std::string format_steps(std::span<const Step> steps);

/// Reads a box as parse_steps does. Errors: invalid_argument.
GBRS_API Expected<Box> parse_box(std::string_view text);

}  // namespace gbrs
