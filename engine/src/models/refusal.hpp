// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "gbrs/error.hpp"

namespace gbrs {

/// What a file calls one of its parts, for a cause: in quotes, at most 80 characters.
[[nodiscard]] std::string in_quotes(std::string_view name);

/// One sentence: that the file is not what it should be ("a complete safetensors file"), and the cause ("its header is
/// too long"), in which names are in_quotes(). It may be printed: control characters of the file's own name become '?',
/// and what is no printable ASCII in the cause, which may be the file's.
[[nodiscard]] std::unexpected<Error> refusal(ErrorCode code, std::string_view file, std::string_view should_be,
                                             std::string_view cause);

}  // namespace gbrs
