// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "gbrs/error.hpp"

namespace gbrs {

/// All of a regular file. Errors: not_found, io; the sentence names it.
Expected<std::vector<std::byte>> read_file_bytes(const std::filesystem::path& path);

}  // namespace gbrs
