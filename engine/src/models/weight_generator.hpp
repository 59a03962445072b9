// SPDX-License-Identifier: Apache-2.0
#pragma once

// Weights for networks without any: every tensor is filled from a stream of its own, which its key begins. The stored
// runs of the parity tests were made with the same numbers; features keep their size from layer to layer.
//
//   state   FNV-1a of the key, xor seed; the i-th number is splitmix64 after i + 1 steps, its top 24 bits a of -1..1
//   value   running_var 1 + a / 4, running_mean a / 8, bias a / 16, matrices sqrt(3 gain / fan in) a, else 1 + a / 8;
//           then the factor of every override whose suffix ends the key

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gbrs/error.hpp"

namespace gbrs {

/// FNV-1a, 64 bits.
[[nodiscard]] constexpr std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

struct WeightGenerator {
  std::uint64_t seed = 0;
  double gain = 1;
  std::vector<std::pair<std::string, double>> overrides = {};

  /// In C order, rounded to float32.
  [[nodiscard]] std::vector<float> values(std::string_view key, const std::vector<std::int64_t>& shape) const;
};

struct NamedShape {
  std::string key;
  std::vector<std::int64_t> shape;  ///< empty: one number
};

/// Reads a heading and then lines KEY, tab, SIZE,SIZE,…; what follows a second tab does not matter.
/// Errors: not_found, damaged (names the line).
[[nodiscard]] Expected<std::vector<NamedShape>> read_weight_table(const std::filesystem::path& path);

}  // namespace gbrs
