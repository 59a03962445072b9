// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a session answers: a map that is rendered on demand, and how it stands with each click.
// An Answer is an immutable value; copying is cheap and rendering is thread-safe.

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gbrs/click.hpp"
#include "gbrs/error.hpp"
#include "gbrs/export.hpp"
#include "gbrs/image.hpp"
#include "gbrs/step.hpp"
#include "gbrs/task.hpp"

namespace gbrs {

/// How the answer stands with one click.
struct ClickVerdict {
  bool is_satisfied = true;
  double radius = 0;                       ///< attention radius that was used, image pixels
  std::optional<std::size_t> contradicts;  ///< index of a newer click on the same pixel with another target
};

/// What one step of the history cost.
struct StepReport {
  std::size_t first_click = 0;  ///< the step's clicks are [first_click, first_click + clicks); a box has none
  std::size_t clicks = 0;
  bool is_refined = true;    ///< false: cancelled, the network's first answer was kept
  int iterations = 0;        ///< optimiser steps made, 0 when every click was satisfied at once
  double encode_ms = 0;      ///< 0 when the frame was known already
  double first_ms = 0;       ///< until the first answer with the new click
  double refine_ms = 0;      ///< iterations
  double mirror_ms = 0;      ///< the answer for the mirror image; 0: not asked for
  double close_ms = 0;       ///< a closer look at the click's surroundings; 0: there was none
  double multiply_adds = 0;  ///< in the iterations
  std::string notice = {};   ///< one sentence for the user; empty when all went well
};

class GBRS_API Answer {
 public:
  struct Data;
  Answer();  ///< nothing selected, no clicks, size 0 x 0
  explicit Answer(std::shared_ptr<const Data> data);

  [[nodiscard]] Task task() const;
  /// semantic: the numbers of the classes found, rising.
  [[nodiscard]] std::span<const int> classes() const;
  [[nodiscard]] int image_width() const;
  [[nodiscard]] int image_height() const;
  [[nodiscard]] std::span<const Step> history() const;           ///< what it answers
  [[nodiscard]] std::span<const Click> clicks() const;           ///< all of the history's
  [[nodiscard]] std::span<const ClickVerdict> verdicts() const;  ///< one for each click
  [[nodiscard]] std::span<const StepReport> steps() const;       ///< one for each step of the history
  [[nodiscard]] std::size_t unsatisfied() const;
  [[nodiscard]] bool is_final() const;  ///< false: an intermediate answer, refinement goes on
  /// Nothing is known yet: of an object before the first click, of other tasks before the network has looked.
  [[nodiscard]] bool is_empty() const;

  /// The part `rectangle` of the map at `scale` (output pixels per image pixel, 1e-4 to 1e4); the rectangle is in
  /// output pixels and may reach beyond the map, where the value is 0. A value depends on its place and the
  /// scale only, never on the rectangle: rendering in bands gives the same bytes as rendering at once.
  ///
  ///   segment    coverage 0..1; every satisfied click's pixel is on its side of 0.5 at scale 1
  ///   semantic   the class's number
  ///   matte      alpha 0..1
  ///   depth      in the model's unit (ModelInfo::unit), 0 or more; with a start map, in that map's
  ///
  /// Cost: about 15 ns a pixel on one core. Errors: invalid_argument, out_of_memory.
  [[nodiscard]] Expected<Map> render(Rectangle rectangle, double scale = 1.0) const;
  /// semantic: how much of each pixel belongs to any of these classes, 0..1, 0.5 where they meet others. A class that is
  /// not among classes() is nowhere. Errors: those of render; invalid_argument for other tasks.
  [[nodiscard]] Expected<Map> render_classes(std::span<const int> numbers, Rectangle rectangle,
                                             double scale = 1.0) const;
  [[nodiscard]] Expected<Map> render_class(int number, Rectangle rectangle, double scale = 1.0) const;
  /// The whole map at scale 1.
  [[nodiscard]] Expected<Map> render() const;

  /// One JSON document: image size, clicks with verdicts, steps with times. For logs and `--json`.
  [[nodiscard]] std::string to_json() const;

 private:
  std::shared_ptr<const Data> data_;
};

}  // namespace gbrs
