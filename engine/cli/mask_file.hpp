// SPDX-License-Identifier: Apache-2.0
#pragma once

// Writing a coverage map as an image file: encoded in memory, written beside its place under a temporary
// name, then renamed, so that a failure leaves what was there.

#include <optional>
#include <string>

#include "gbrs/error.hpp"
#include "gbrs/image.hpp"

namespace gbrs::cli {

struct MaskFormat {
  std::string path;
  int depth = 16;  ///< bits, 8 or 16
};

/// Chooses the format by the extension: png, tif, tiff (16 bits unless `depth` says 8), jpg, jpeg, webp
/// (8 bits). Also finds out what would fail later: a file that is there already (unless `may_overwrite`), a
/// folder that is missing or read-only. Errors: invalid_argument, io.
Expected<MaskFormat> plan_mask(const std::string& path, std::optional<int> depth, bool may_overwrite);

/// Errors: io (disk full, read-only), out_of_memory; the file that was there is then unchanged.
Expected<void> write_mask(const Map& map, const MaskFormat& format);

}  // namespace gbrs::cli
