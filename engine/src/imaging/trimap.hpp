// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the engine asks of a trimap.

#include <cstdint>
#include <optional>
#include <vector>

#include "gbrs/error.hpp"
#include "gbrs/image.hpp"
#include "gbrs/trimap.hpp"

namespace gbrs {

/// Errors: invalid_argument (another number of codes than pixels, other codes; no background, no foreground, nothing
/// unknown).
[[nodiscard]] Expected<void> check_trimap(const Trimap& trimap);

/// The alpha of a pixel; none: unknown.
[[nodiscard]] std::optional<float> known_alpha(const Trimap& trimap, int x, int y);

/// The codes of row `y`.
[[nodiscard]] inline const std::uint8_t* row_of(const Trimap& trimap, int y) {
  return trimap.codes.data() + static_cast<std::ptrdiff_t>(y) * trimap.width;
}

/// The smallest rectangle that holds all that is unknown.
[[nodiscard]] Rectangle unknown_box(const Trimap& trimap);

/// The part in `box` on width x height pixels: known where all that a pixel touches is known alike.
[[nodiscard]] std::vector<std::uint8_t> resampled(const Trimap& trimap, Rectangle box, int width, int height);

}  // namespace gbrs
