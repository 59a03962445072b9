// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "gbrs/answer.hpp"
#include "gbrs/step.hpp"

// What the user deals with as one thing: a click, a whole stroke, a box. Each has a marker on the canvas and a line in
// the list, both in the history's order. Knows neither GTK nor GIMP.

namespace gbrs::plugin {

struct Mark {
  enum class Kind {
    click,
    stroke,  ///< a step of clicks along a brush's way
    box,
    path,  ///< one click along a brush's way
  };
  Kind kind = Kind::click;
  std::size_t step = 0;         ///< of the history
  std::size_t in_step = 0;      ///< its first click there
  std::size_t first_click = 0;  ///< in the history's order
  std::size_t clicks = 1;       ///< of a stroke all, of a box none
};

[[nodiscard]] std::vector<Mark> marks_of(std::span<const Step> history);

/// How the answer stands with each mark: as with the worst of its clicks; `contradicts` counts marks.
[[nodiscard]] std::vector<ClickVerdict> mark_verdicts(const Answer& answer);

/// A click, with all of its path, after it was moved by so much, but not out of a picture of this size.
[[nodiscard]] Click moved(Click click, double dx, double dy, double width, double height);

/// The mark's step after it was moved by so much, but not out of a picture of this size.
[[nodiscard]] Step moved(Step step, double dx, double dy, double width, double height);

}  // namespace gbrs::plugin
