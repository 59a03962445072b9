// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string_view>

namespace gbrs::test {

/// Whether it is one sentence about a file of that name, with a cause, and can be printed.
inline bool is_refusal(std::string_view message, std::string_view file) {
  const auto begin = message.find(file);
  const auto cause = message.find(": ", begin == std::string_view::npos ? 0 : begin + file.size());
  const bool has_cause = cause != std::string_view::npos && message.size() > cause + 5;
  return message.starts_with("The file ") && begin != std::string_view::npos && has_cause &&
         message.ends_with('.') && !message.ends_with("..") &&
         std::ranges::all_of(message, [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace gbrs::test
