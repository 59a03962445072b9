// SPDX-License-Identifier: Apache-2.0
#pragma once

// Weights for networks without any: every tensor is filled from a stream of its own, which its key begins. The stored
// runs of the parity tests were made with the same numbers.
//
//   state   FNV-1a of the key, xor seed; the i-th number is splitmix64 after i + 1 steps, its top 24 bits a of -1..1
//   value   running_var 1 + a / 4, running_mean a / 8, bias a / 16, matrices sqrt(3 gain / fan in) a, else 1 + a / 8;
//           then the factor of every override whose suffix ends the key

#include <ATen/ops/from_blob.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "layers/tensor.hpp"

namespace gbrs::test {

struct WeightGenerator {
  std::uint64_t seed = 0;
  double gain = 1;
  std::vector<std::pair<std::string, double>> overrides = {};

  /// The values, rounded to float32, in `type`.
  [[nodiscard]] Tensor operator()(std::string_view key, const std::vector<std::int64_t>& shape,
                                  at::ScalarType type = at::kFloat) const {
    std::int64_t count = 1;
    for (const std::int64_t size : shape) count *= size;
    std::vector<float> values(static_cast<std::size_t>(count));
    std::uint64_t state = hash(key) ^ seed;
    const Form form = form_of(key, shape);
    const std::vector<double> factors = factors_of(key);
    for (float& value : values) {
      double wide = form.start + form.scale * next(state);
      for (const double factor : factors) wide *= factor;
      value = static_cast<float>(wide);
    }
    return at::from_blob(values.data(), shape, at::kFloat).to(type, /*non_blocking=*/false, /*copy=*/true);
  }

 private:
  struct Form {
    double start, scale;
  };

  static std::uint64_t hash(std::string_view key) {
    std::uint64_t h = 0xcbf29ce484222325;
    for (const char c : key) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return h;
  }

  static double next(std::uint64_t& state) {
    state += 0x9e3779b97f4a7c15;
    std::uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    z ^= z >> 31;
    return 2 * (static_cast<double>(z >> 40) / 16777216) - 1;
  }

  [[nodiscard]] Form form_of(std::string_view key, const std::vector<std::int64_t>& shape) const {
    const std::string_view last = key.substr(key.rfind('.') + 1);
    if (last == "running_var") return {1, 0.25};
    if (last == "running_mean") return {0, 0.125};
    if (last.ends_with("bias") && shape.size() <= 1) return {0, 0.0625};
    if (shape.size() < 2) return {1, 0.125};
    double fan_in = 1;
    for (std::size_t i = 1; i < shape.size(); ++i) fan_in *= static_cast<double>(shape[i]);
    return {0, std::sqrt(3 * gain / fan_in)};
  }

  [[nodiscard]] std::vector<double> factors_of(std::string_view key) const {
    std::vector<double> factors;
    for (const auto& [suffix, factor] : overrides) {
      if (key.ends_with(suffix)) factors.push_back(factor);
    }
    return factors;
  }
};

}  // namespace gbrs::test
