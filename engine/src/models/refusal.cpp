// SPDX-License-Identifier: Apache-2.0
#include "models/refusal.hpp"

#include <algorithm>
#include <format>

namespace gbrs {
namespace {

bool is_control(char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }
bool is_printable(char c) { return c >= ' ' && c <= '~'; }

}  // namespace

std::string in_quotes(std::string_view name) {
  constexpr std::size_t kMostCharacters = 80;
  std::string shown(name.substr(0, kMostCharacters));
  std::ranges::replace_if(
      shown, [](char c) { return !is_printable(c); }, '?');
  return std::format("\"{}{}\"", shown, name.size() > kMostCharacters ? "..." : "");
}

std::unexpected<Error> refusal(ErrorCode code, std::string_view file, std::string_view should_be,
                               std::string_view cause) {
  std::string name(file);
  std::ranges::replace_if(name, is_control, '?');
  std::string why(cause);
  std::ranges::replace_if(
      why, [](char c) { return !is_printable(c); }, '?');
  return failure(code, std::format("The file {} is not {}: {}.", name, should_be, why));
}

}  // namespace gbrs
