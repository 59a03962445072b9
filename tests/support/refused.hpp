// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string_view>

namespace gbrs::test {

/// Whether it is one sentence about a file of that name, with a cause, and can be printed. What is no container at all
/// has no other cause than that.
inline bool is_refusal(std::string_view message, std::string_view file) {
  const auto begin = message.find(file);
  if (!message.starts_with("The file ") || begin == std::string_view::npos) return false;
  const std::string_view rest = message.substr(begin + file.size());
  const auto cause = rest.find(": ");
  const bool has_cause = cause != std::string_view::npos && rest.size() > cause + 5;
  return (has_cause || rest == " is neither a safetensors file nor a PyTorch checkpoint.") && message.ends_with('.') &&
         !message.ends_with("..") && std::ranges::all_of(message, [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace gbrs::test
