// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "gbrs/error.hpp"

namespace gbrs {

/// What a file calls one of its parts, so that it may stand in a sentence and be printed: in quotes, at most 80
/// characters, '?' for what is no printable ASCII.
[[nodiscard]] std::string in_quotes(std::string_view name);

/// One sentence: that the file is not what it should be ("a complete safetensors file"), and the cause ("its header is
/// too long"), in which names are in_quotes(). What could
/// not be printed becomes '?'.
[[nodiscard]] std::unexpected<Error> refusal(ErrorCode code, std::string_view file, std::string_view should_be,
                                             std::string_view cause);

}  // namespace gbrs
