// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is known of a matte before the network looks: which pixels are wholly the object, and which not at all.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "gbrs/error.hpp"
#include "gbrs/export.hpp"
#include "gbrs/image.hpp"

namespace gbrs {

/// Row-major height x width codes; none but these three.
struct Trimap {
  static constexpr std::uint8_t kBackground = 0, kUnknown = 128, kForeground = 255;

  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> codes;

  [[nodiscard]] std::uint8_t at(int x, int y) const {
    return codes[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)];
  }
  bool operator==(const Trimap&) const = default;
};

/// That of a picture: 0 background, 1 foreground, unknown between; what is 0 or 1 in 8 bits is known.
/// Errors: invalid_argument (values beyond 0..1, or too few).
GBRS_API Expected<Trimap> trimap_from(const Map& values);

/// The trimap for a rough mask or an earlier matte (coverage 0..1): background where nothing is covered, foreground
/// where all is, unknown in a band between them. What is partly covered belongs to the band, which so widens where the
/// edge is soft, and so does what lies within `band` image pixels of it; none: 2 % of the diagonal of the object's box,
/// at least 2 pixels. The band is never more than half as deep as the object or the background, so that something of
/// both stays known.
/// Errors: invalid_argument (a band below 0; a mask that covers nothing wholly, or all of it; values beyond 0..1).
GBRS_API Expected<Trimap> trimap_of(const Map& coverage, std::optional<double> band = std::nullopt);

}  // namespace gbrs
