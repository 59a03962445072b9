// SPDX-License-Identifier: Apache-2.0
#pragma once

// Stands in for gbrs::set_option until the engine has it; then this file goes.

#include <format>
#include <string_view>

#include "gbrs/session.hpp"

namespace gbrs {

inline Expected<void> set_option(SessionOptions&, std::string_view assignment) {
  return failure(ErrorCode::invalid_argument, std::format("The setting \"{}\" is not known.", assignment));
}

}  // namespace gbrs
