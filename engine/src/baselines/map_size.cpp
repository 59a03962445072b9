// SPDX-License-Identifier: Apache-2.0
#include "baselines/map_size.hpp"

#include <algorithm>
#include <cmath>

namespace gbrs {

MapSize with_longer_side(const MapSize& size, std::int64_t longer_side) {
  const double scale = static_cast<double>(longer_side) / static_cast<double>(std::max(size.height, size.width));
  const auto side = [scale](std::int64_t length) {
    return static_cast<std::int64_t>(std::nearbyint(static_cast<double>(length) * scale));
  };
  return {.height = side(size.height), .width = side(size.width)};
}

MapSize limited(const MapSize& size, std::optional<std::int64_t> limit) {
  return limit && std::max(size.height, size.width) > *limit ? with_longer_side(size, *limit) : size;
}

std::vector<PromptClick> scaled(std::vector<PromptClick> clicks, const MapSize& from, const MapSize& to) {
  const auto scale = [](double value, std::int64_t old_side, std::int64_t side) {
    return static_cast<double>(side) * value / static_cast<double>(old_side);
  };
  for (PromptClick& click : clicks) {
    click.v = scale(click.v, from.height, to.height);
    click.u = scale(click.u, from.width, to.width);
    if (click.radius)
      click.radius =
          std::sqrt(scale(*click.radius, from.height, to.height) * scale(*click.radius, from.width, to.width));
  }
  return clicks;
}

}  // namespace gbrs
