// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a matte begins and ends with: the trimap that says what is known, and the colours of the object alone.

#include <cstdint>
#include <optional>
#include <vector>

#include "gbrs/error.hpp"
#include "gbrs/export.hpp"
#include "gbrs/image.hpp"

namespace gbrs {

/// A trimap's value that is nearer than this to 0 or 1 is known: it is 0 or 1 in 8 bits.
inline constexpr float kKnownWithin = 0.5F / 255;

/// The trimap for a rough mask or an earlier matte (coverage 0..1): 0 where nothing is covered, 1 where all is, 0.5 in a
/// band between them. What is partly covered belongs to the band, which so widens where the edge is soft, and so does
/// what lies within `band` image pixels of it; none: 2 % of the diagonal of the object's box, at least 2 pixels. The
/// band is never more than half as deep as the object or the background, so that something of both stays known.
/// Errors: invalid_argument (a band below 0; a mask that covers nothing wholly, or all of it; values beyond 0..1).
GBRS_API Expected<Map> trimap_of(const Map& coverage, std::optional<double> band = std::nullopt);

/// The object's own colours where it mixes with its background: multi-level foreground estimation (T. Germer,
/// T. Uelwer, S. Conrad, S. Harmeling, arXiv:2006.14970). `alpha` has the image's size, 0..1. Straight R'G'B', 3 bytes a
/// pixel, rows without padding; the picture's own colours where alpha is 1 and the neighbours' where it is 0.
/// Cost: about 1 microsecond a pixel of the box around the soft pixels, 40 bytes each.
/// Errors: invalid_argument (sizes), out_of_memory.
GBRS_API Expected<std::vector<std::uint8_t>> foreground_colours(ImageView image, const Map& alpha);

}  // namespace gbrs
