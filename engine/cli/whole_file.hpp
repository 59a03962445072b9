// SPDX-License-Identifier: Apache-2.0
#pragma once

// Files that are there as a whole or not at all.

#include <span>
#include <string>
#include <string_view>

#include "gbrs/error.hpp"

namespace gbrs::cli {

/// The error for `what` ("mask") that cannot be written.
std::unexpected<Error> cannot_write(std::string_view what, const std::string& path, const std::string& why);

/// Writes `bytes` beside the file's place under a temporary name, syncs, and renames. A link stays, what it points to
/// is written. Errors: io; what was there is then unchanged.
Expected<void> write_file(std::string_view what, const std::string& path, std::span<const char> bytes);

/// Errors: not_found, io.
Expected<std::string> read_text(const std::string& path);

}  // namespace gbrs::cli
