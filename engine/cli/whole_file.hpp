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

/// ".png" for "a/B.PNG".
std::string lower_extension(const std::string& path);

/// Whether both paths name one file, there or not.
bool is_same_file(const std::string& one, const std::string& other);

/// Finds out what would fail when the file is written: one that is there already (unless `may_overwrite`), a folder that
/// is missing or read-only. Errors: io.
Expected<void> check_output(std::string_view what, const std::string& path, bool may_overwrite);

/// Writes `bytes` beside the file's place under a temporary name, syncs, and renames. A link stays, what it points to
/// is written. Errors: io; what was there is then unchanged.
Expected<void> write_file(std::string_view what, const std::string& path, std::span<const char> bytes);

/// Errors: not_found, io.
Expected<std::string> read_text(const std::string& path);

}  // namespace gbrs::cli
