// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "gbrs/error.hpp"

namespace gbrs {

/// One sentence: that the file is not what it should be ("a complete safetensors file"), and the cause ("its header is
/// too long"). What a file says of itself may be in the cause: it is cut to a length that can be read, and what is no
/// printable ASCII becomes '?'.
[[nodiscard]] std::unexpected<Error> refusal(ErrorCode code, std::string_view file, std::string_view should_be,
                                             std::string_view cause);

}  // namespace gbrs
