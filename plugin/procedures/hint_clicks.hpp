// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "gbrs/click.hpp"
#include "gbrs/image.hpp"

// What was drawn on GIMP's own canvas, as clicks. Knows neither GTK nor GIMP.

namespace gbrs::plugin {

/// Each 8-connected part of what is above 0.5 gives one click that includes: on its deepest pixel, reaching as far as
/// the part does; the largest part first, at most 20.
[[nodiscard]] std::vector<Click> clicks_of_region(const Map& coverage);

/// Runs of clicks along brush strokes, above 0.5 where there is one: each 8-connected part gives one run, its clicks
/// on the stroke's middle line, at most 16, the deepest first. Without radii: how far a stroke reaches is not said.
[[nodiscard]] std::vector<std::vector<Click>> clicks_of_strokes(const Map& coverage, double target);

}  // namespace gbrs::plugin
