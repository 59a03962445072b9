// SPDX-License-Identifier: Apache-2.0
#pragma once

// SBD's annotations, which are MATLAB files.

#include <string>

#include "gbrs/error.hpp"
#include "picture_file.hpp"

namespace gbrs::cli {

/// Reads GTinst.Segmentation: which pixel belongs to which object, 0 to none. Errors: not_found, damaged (not such a
/// file, cut), invalid_argument (too large), unsupported (built without libmatio).
Expected<CodeFile> read_instances(const std::string& path);

}  // namespace gbrs::cli
