// SPDX-License-Identifier: Apache-2.0
#pragma once

// Depth maps as OpenEXR files. libvips reads such files as colours of 16-bit floats and writes none, so this goes by
// OpenEXR itself.

#include <string>

#include "gbrs/error.hpp"
#include "gbrs/image.hpp"

namespace gbrs::cli {

/// The file of a map: one channel "Z" of 32-bit floats, the numbers as they are, compressed without loss. "Z" is the
/// name that the format keeps for the distance from the camera, and that renderers and compositors look for; "Y" would
/// be a brightness. Errors: io.
Expected<std::string> encode_exr(const Map& depth);

/// The channel "Z", else "Y", else the only one, 16- or 32-bit; of the picture that the file shows (its display
/// window). Errors: not_found, damaged, invalid_argument (no such channel, not all of the picture), out_of_memory.
Expected<Map> read_exr(const std::string& path);

}  // namespace gbrs::cli
