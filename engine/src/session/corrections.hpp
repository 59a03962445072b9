// SPDX-License-Identifier: Apache-2.0
#pragma once

// The guarantee that every click is obeyed at the picture's own pixels: what refinement left is bent by a small bump
// around the click.

#include <span>
#include <vector>

#include "session/rendering.hpp"

namespace gbrs {

/// A bump around a click's pixel that brings it to what it asks for where refinement did not:
/// amount * (1 - d^2 / radius^2)^2 within `radius`, d the distance to (x, y).
[[nodiscard]] float correction_at(const Correction& correction, double x, double y);

/// Verdicts without radii: a click is unsatisfied when a newer one on the same pixel wants something else.
std::vector<ClickVerdict> contradictions(std::span<const Click> clicks);

/// Fills in data.corrections and the verdicts; all else is there. Corrections are found one after another on the values
/// that those before left. `obeyed`: for each click, what the network says of those that ask for no value of their own
/// (pushes, strokes); empty: nothing.
void add_corrections(Answer::Data& data, const std::vector<bool>& obeyed);

}  // namespace gbrs
