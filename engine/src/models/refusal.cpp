// SPDX-License-Identifier: Apache-2.0
#include "models/refusal.hpp"

#include <algorithm>
#include <format>
#include <string>

namespace gbrs {

std::unexpected<Error> refusal(ErrorCode code, std::string_view file, std::string_view should_be,
                               std::string_view cause) {
  constexpr std::size_t kMostCharacters = 200;
  std::string shown(cause.substr(0, kMostCharacters));
  std::ranges::replace_if(shown, [](char c) { return c < ' ' || c > '~'; }, '?');
  if (cause.size() > kMostCharacters) shown += "...";
  return failure(code, std::format("The file {} is not {}: {}.", file, should_be, shown));
}

}  // namespace gbrs
