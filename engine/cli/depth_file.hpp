// SPDX-License-Identifier: Apache-2.0
#pragma once

// Depth maps as image files. An OpenEXR and a TIFF file hold the numbers themselves (32-bit floats; in OpenEXR as the
// channel Z: exr_file.hpp). A PNG file holds 16 bits: whole millimetres where the unit is the metre, else the values 0
// to 1 spread over 0 to 65535.

#include <string>

#include "gbrs/error.hpp"
#include "gbrs/image.hpp"

namespace gbrs::cli {

/// Whether the extension is one of those. Errors: invalid_argument.
Expected<void> check_depth_path(const std::string& path);

/// Errors: io, unsupported (a PNG file of something beyond 65.535 m).
Expected<void> write_depth(const Map& depth, bool is_metric, const std::string& path);

/// A depth map of the same forms; 0 in a PNG file of metres is 0 m. Errors: not_found, damaged, invalid_argument
/// (colours), those of read_exr.
Expected<Map> read_depth(const std::string& path, bool is_metric);

}  // namespace gbrs::cli
