// SPDX-License-Identifier: Apache-2.0
#pragma once

// Tables of values and the names that people write.

#include <algorithm>
#include <array>
#include <format>
#include <string>
#include <string_view>
#include <utility>

#include "gbrs/error.hpp"

namespace gbrs {

template <class T, std::size_t N>
using Names = std::array<std::pair<T, std::string_view>, N>;

/// `kind`: a word for what is named. Errors: invalid_argument, listing the known names.
template <class T, std::size_t N>
Expected<T> parse_name(const Names<T, N>& names, std::string_view name, std::string_view kind) {
  std::string known;
  for (const auto& [value, text] : names) {
    if (text == name) return value;
    known += (known.empty() ? "" : ", ") + std::string(text);
  }
  return failure(ErrorCode::invalid_argument, std::format("\"{}\" is not a {}; known are {}.", name, kind, known));
}

/// Empty for a value that has none.
template <class T, std::size_t N>
std::string_view name_of(const Names<T, N>& names, T value) {
  const auto found = std::ranges::find(names, value, &std::pair<T, std::string_view>::first);
  return found == names.end() ? std::string_view{} : found->second;
}

}  // namespace gbrs
