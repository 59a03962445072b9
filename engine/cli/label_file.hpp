// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reading label maps. libvips turns a palette's indices into its colours, so PNG files are read with libspng, which
// libvips itself reads them with.

#include <string>

#include "gbrs/training.hpp"

namespace gbrs::cli {

/// The indices of a PNG file with a palette, or the values of a grey one of 8 bits or fewer. Errors: not_found, damaged
/// (no PNG, cut), invalid_argument (colours, 16 bits, interlaced indices of fewer than 8 bits).
[[nodiscard]] Expected<DecodedImage> read_labels(const std::string& path);

}  // namespace gbrs::cli
