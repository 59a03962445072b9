// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a network's weights do not tell about it, as text by name: {"output_stride": "8"}. Every setting has a default.

#include <charconv>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

namespace gbrs {

class Settings {
 public:
  Settings() = default;
  explicit Settings(std::map<std::string, std::string, std::less<>> values) : values_(std::move(values)) {}

  [[nodiscard]] std::string text(std::string_view name, std::string_view otherwise) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::string(otherwise) : found->second;
  }
  /// Throws std::invalid_argument for what is no number.
  [[nodiscard]] double number(std::string_view name, double otherwise) const {
    const auto found = values_.find(name);
    return found == values_.end() ? otherwise : parsed(name, found->second);
  }
  [[nodiscard]] static double parsed(std::string_view name, std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
      throw std::invalid_argument("setting " + std::string(name) + ": " + std::string(text) + " is no number");
    return value;
  }
  [[nodiscard]] const std::map<std::string, std::string, std::less<>>& values() const { return values_; }

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace gbrs
