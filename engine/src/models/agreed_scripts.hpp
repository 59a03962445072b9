// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which scripts the user has agreed to run, by the SHA-256 of their files: a line each in the file scripts.agreed
// beside the user's own models. It does not come along when a model's folder is unpacked or copied from somewhere.

#include <string_view>

#include "gbrs/error.hpp"

namespace gbrs {

/// Errors: those of user_models_folder(); io.
[[nodiscard]] Expected<void> agree_to_script(std::string_view sha256);
[[nodiscard]] bool is_agreed_script(std::string_view sha256);

}  // namespace gbrs
