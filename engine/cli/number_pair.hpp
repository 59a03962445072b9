// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

namespace gbrs::cli {

/// "3/8", "640x480": two whole numbers with `separator` between and nothing else; none: the text is not of that form.
template <class Number>
std::optional<std::pair<Number, Number>> parse_pair(std::string_view text, char separator) {
  std::pair<Number, Number> pair;
  const char* const end = text.data() + text.size();
  const auto [middle, problem] = std::from_chars(text.data(), end, pair.first);
  if (problem != std::errc{} || middle == end || *middle != separator) return std::nullopt;
  const auto [rest, second] = std::from_chars(middle + 1, end, pair.second);
  return second == std::errc{} && rest == end ? std::optional(pair) : std::nullopt;
}

}  // namespace gbrs::cli
