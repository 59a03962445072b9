// SPDX-License-Identifier: Apache-2.0
#pragma once

// Pictures for people: what was clicked and what became of it.

#include <cstdint>
#include <span>
#include <vector>

#include "evaluation/object_result.hpp"
#include "evaluation/truth.hpp"
#include "gbrs/image.hpp"

namespace gbrs {

/// Interleaved R'G'B', 8 bits.
struct Drawing {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;
};

/// Two pictures side by side, after the first click and after the last: the prediction (0 or 1, row-major) keeps its
/// colours and the rest is darkened, the truth has a yellow outline, clicks are green (object) or red dots with
/// their attention radii. `image`: rgb8.
Drawing draw_object(ImageView image, const Truth& truth, std::span<const GivenClick> clicks,
                    std::span<const std::uint8_t> after_first, std::span<const std::uint8_t> after_last);

}  // namespace gbrs
