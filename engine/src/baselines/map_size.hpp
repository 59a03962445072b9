// SPDX-License-Identifier: Apache-2.0
#pragma once

// Sizes of pictures in the predictor of f-BRS, and what becomes of clicks when one is resized.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "networks/network.hpp"

namespace gbrs {

struct MapSize {
  std::int64_t height = 0, width = 0;
  bool operator==(const MapSize&) const = default;
};

/// The proportions kept, sides rounded to the nearest, ties to even.
[[nodiscard]] MapSize with_longer_side(const MapSize& size, std::int64_t longer_side);

/// Brought down to a limit of the longer side; `size` itself where it is within the limit or there is none.
[[nodiscard]] MapSize limited(const MapSize& size, std::optional<std::int64_t> limit);

/// Places in proportion to the sides, as the published code has them, not rounded; radii by the sides' geometric mean.
[[nodiscard]] std::vector<PromptClick> scaled(std::vector<PromptClick> clicks, const MapSize& from, const MapSize& to);

}  // namespace gbrs
