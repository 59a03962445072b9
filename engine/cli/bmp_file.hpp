// SPDX-License-Identifier: Apache-2.0
#pragma once

// BMP files, which GrabCut's masks are: libvips reads them by a reader that is not safe with hostile files.

#include <string>

#include "gbrs/error.hpp"
#include "gbrs/training.hpp"

namespace gbrs::cli {

/// Reads an uncompressed BMP file of 1, 4, 8, 24 or 32 bits a pixel: one channel if all its colours are grey, else
/// three; transparency is ignored. Errors: io, damaged (not such a file, cut), invalid_argument (too large).
Expected<DecodedImage> read_bmp(const std::string& path);

}  // namespace gbrs::cli
