// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <variant>
#include <vector>

#include "base/adjustments.hpp"
#include "gbrs/answer.hpp"

// How much of each pixel belongs to the object, in the numbers that GIMP stores: an answer is rendered once,
// quantised once (by the library's own rounding, which the command line uses too), combined with what was
// selected before, and written as it is. Knows neither GTK nor GIMP.

namespace gbrs::plugin {

/// The sample types of selections, masks and channels; half, float and double images take f32.
enum class Depth { u8, u16, u32, f32 };

/// How an answer meets an existing selection. For a coverage a (existing) and b (answer), both 0..1:
enum class Operation {
  replace,    ///< b
  add,        ///< max(a, b)
  subtract,   ///< min(a, 1 - b)
  intersect,  ///< min(a, b)
};

/// A row-major width x height map of samples.
struct Coverage {
  using Samples = std::variant<std::vector<std::uint8_t>, std::vector<std::uint16_t>,
                               std::vector<std::uint32_t>, std::vector<float>>;
  int width = 0;
  int height = 0;
  Samples samples;

  // depth() relies on one alternative for each depth, in the same order
  static_assert(std::variant_size_v<Samples> == 4 && static_cast<int>(Depth::f32) == 3);

  /// Nothing covered.
  static Coverage empty(int width, int height, Depth depth);
  [[nodiscard]] Depth depth() const { return static_cast<Depth>(samples.index()); }
  [[nodiscard]] const void* data() const;
  [[nodiscard]] void* data();
  bool operator==(const Coverage&) const = default;
};

/// Rows of pictures of this width that are worked on at once: about a megapixel, some 10 ms.
[[nodiscard]] inline int band_rows(int width) {
  constexpr int kPixels = 1 << 20;
  return std::max(1, kPixels / std::max(width, 1));
}

/// Goes through an answer at scale 1 in bands, from its top: `render` makes one, `take` gets it with its first row.
/// `progress`, if set, is told the share that is done, 0..1, after each band. Errors: those of render; invalid_argument
/// when stopped.
[[nodiscard]] Expected<void> for_each_band(const Answer& answer, int least_rows, const std::stop_token& stop,
                                           const std::function<void(double)>& progress,
                                           const std::function<Expected<Map>(Rectangle)>& render,
                                           const std::function<void(const Map&, int first_row)>& take);

/// The whole answer at scale 1, adjusted, rendered in bands: takes the memory of the result and a band. `progress`, if
/// set, is told the share that is done, 0..1, after each band.
/// Errors: those of Answer::render; invalid_argument when stopped.
[[nodiscard]] Expected<Coverage> render_coverage(const Answer& answer, Depth depth, const Adjustments& adjustments = {},
                                                 std::stop_token stop = {},
                                                 const std::function<void(double)>& progress = {});

/// How much of each pixel belongs to any of these classes of an answer of task semantic, in the same way. Errors: those of
/// Answer::render_classes; invalid_argument when stopped.
[[nodiscard]] Expected<Coverage> render_classes(const Answer& answer, std::span<const int> classes, Depth depth,
                                                std::stop_token stop = {},
                                                const std::function<void(double)>& progress = {});

/// Rows of `answer` become `existing` (operation) `answer`: `existing` is a band of the same width and depth whose first
/// row is `first_row` of the answer.
void combine(Coverage& answer, const Coverage& existing, int first_row, Operation operation);

}  // namespace gbrs::plugin
