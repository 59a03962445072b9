// SPDX-License-Identifier: Apache-2.0
#include "models/refusal.hpp"

#include <algorithm>
#include <format>

namespace gbrs {
namespace {

bool is_control(char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }
bool is_unprintable(char c) { return c < ' ' || c > '~'; }

}  // namespace

std::string in_quotes(std::string_view name) {
  constexpr std::size_t kMostCharacters = 80;
  return std::format("\"{}{}\"", name.substr(0, kMostCharacters), name.size() > kMostCharacters ? "..." : "");
}

std::unexpected<Error> refusal(ErrorCode code, std::string_view file, std::string_view should_be,
                               std::string_view cause) {
  std::string name(file);
  std::ranges::replace_if(name, is_control, '?');
  std::string why(cause);
  std::ranges::replace_if(why, is_unprintable, '?');
  return failure(code, std::format("The file {} is not {}: {}.", name, should_be, why));
}

}  // namespace gbrs
