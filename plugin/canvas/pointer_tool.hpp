// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "canvas/markers.hpp"
#include "canvas/painted.hpp"
#include "canvas/view_transform.hpp"
#include "gbrs/answer.hpp"
#include "gbrs/click.hpp"
#include "gbrs/task.hpp"

namespace gbrs::plugin {

/// What the pointer means to a task, and how the clicks look that come of it. Main thread only. Knows neither GTK nor
/// GIMP.
class PointerTool {
 public:
  PointerTool() = default;
  PointerTool(const PointerTool&) = delete;
  PointerTool& operator=(const PointerTool&) = delete;
  virtual ~PointerTool() = default;

  [[nodiscard]] virtual Task task() const = 0;
  [[nodiscard]] virtual bool takes_boxes() const { return false; }
  [[nodiscard]] virtual bool takes_strokes() const { return false; }
  /// Whether a click is two places now: where it is, and where to find what it asks for.
  [[nodiscard]] virtual bool takes_pairs() const { return false; }
  /// What the brush paints over the trimap now; none: its strokes are clicks.
  [[nodiscard]] virtual std::optional<Known> paints(bool /*is_primary*/) const { return std::nullopt; }

  /// What a press adds to this answer; none: it meant something else, with which the tool has done. `is_primary`: by
  /// the left button, or by Enter.
  [[nodiscard]] virtual std::optional<Click> click(const Answer& answer, Point place, std::optional<double> radius,
                                                   bool is_primary) = 0;
  /// What the places along a brush's way add.
  [[nodiscard]] virtual std::vector<Click> stroke(const Answer& answer, std::span<const Point> places, double radius,
                                                  bool is_primary);
  /// The click turned into its opposite, or what is one to the task; none: it has none.
  [[nodiscard]] virtual std::optional<Click> flipped(const Click& click) const = 0;

  /// Whether the wheel over a mark changes what it asks for, and into what; none: not that of this click.
  [[nodiscard]] virtual bool takes_wheel() const { return false; }
  [[nodiscard]] virtual std::optional<double> turned(const Click&, double) const { return std::nullopt; }

  [[nodiscard]] virtual MarkerLook look(const Click& click) const = 0;
  /// Of what a press would add, before it does.
  [[nodiscard]] virtual MarkerLook meant_look(bool is_primary) const = 0;
  /// A few words for the list.
  [[nodiscard]] virtual std::string words(const Click& click) const = 0;
};

/// The answer's value at a place of the picture; none: there is no answer yet.
[[nodiscard]] inline std::optional<double> value_at(const Answer& answer, Point place) {
  if (answer.is_empty()) return std::nullopt;
  const auto map = answer.render({static_cast<int>(place.x), static_cast<int>(place.y), 1, 1});
  return map ? std::optional<double>(map->values.front()) : std::nullopt;
}

inline std::vector<Click> PointerTool::stroke(const Answer& answer, std::span<const Point> places, double radius,
                                              bool is_primary) {
  std::vector<Click> clicks;
  for (const Point place : places) {
    if (auto click = this->click(answer, place, radius, is_primary)) clicks.push_back(std::move(*click));
  }
  return clicks;
}

}  // namespace gbrs::plugin
