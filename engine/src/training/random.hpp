// SPDX-License-Identifier: Apache-2.0
#pragma once

// Random numbers by name: a stream is named by whole numbers (seed, crop, click, ...) and needs no state beyond
// them. So a training that goes on from a checkpoint draws what it would have drawn, and the standard library's
// distributions, which differ from one to the next, play no part.

#include <cassert>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <numbers>
#include <span>

#include "training/recipe.hpp"

namespace gbrs {

/// SplitMix64 (G. Steele, D. Lea, C. Flood, doi:10.1145/2714064.2660195).
class Random {
 public:
  explicit Random(std::initializer_list<std::uint64_t> name) {
    for (const std::uint64_t part : name) state_ = mixed(state_ ^ mixed(part));
  }

  [[nodiscard]] std::uint64_t bits() { return mixed(state_ += kStep); }

  /// 0 <= value < 1.
  [[nodiscard]] double uniform() { return static_cast<double>(bits() >> 11) * 0x1p-53; }
  [[nodiscard]] double between(double low, double high) { return low + (high - low) * uniform(); }
  [[nodiscard]] double between(Range range) { return between(range.low, range.high); }
  /// Between limits whose logarithms count: [low, high], low > 0.
  [[nodiscard]] double between_logarithms(Range range) {
    return std::exp(between(std::log(range.low), std::log(range.high)));
  }
  /// 0 <= value < count; the bias of at most count / 2^53 does not matter here.
  [[nodiscard]] std::size_t below(std::size_t count) {
    assert(count > 0);
    return static_cast<std::size_t>(uniform() * static_cast<double>(count));
  }
  [[nodiscard]] bool happens(double chance) { return uniform() < chance; }
  /// An index, drawn in proportion to the weights, whose sum is above 0.
  [[nodiscard]] std::size_t weighted(std::span<const double> weights) {
    double sum = 0;
    for (const double weight : weights) sum += weight;
    double left = uniform() * sum;
    std::size_t last = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      if (weights[i] <= 0) continue;
      last = i;
      left -= weights[i];
      if (left < 0) break;
    }
    return last;
  }
  /// Normal with deviation 1 (Box-Muller).
  [[nodiscard]] double normal() {
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));
    return radius * std::cos(2 * std::numbers::pi * uniform());
  }

 private:
  static constexpr std::uint64_t kStep = 0x9E3779B97F4A7C15;

  static std::uint64_t mixed(std::uint64_t z) {
    z += kStep;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }

  std::uint64_t state_ = 0;
};

}  // namespace gbrs
