// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "gbrs/error.hpp"
#include "models/manifest.hpp"

namespace gbrs {

/// Importer::try_script. RUNS the module: an answer for a small picture, the same answer again, and its gradient.
[[nodiscard]] Expected<std::string> try_script(std::span<const std::byte> script, std::string_view name,
                                               const Manifest& manifest);

}  // namespace gbrs
