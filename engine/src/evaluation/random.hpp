// SPDX-License-Identifier: Apache-2.0
#pragma once

// Random numbers that are the same everywhere: the standard fixes its engines, but not its distributions.

#include <cstdint>
#include <random>
#include <string_view>

namespace gbrs {

/// FNV-1a, 64 bits.
constexpr std::uint64_t hash_text(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

/// Uniform in [0, 1).
inline double uniform(std::mt19937_64& engine) { return static_cast<double>(engine() >> 11) * 0x1p-53; }

}  // namespace gbrs
