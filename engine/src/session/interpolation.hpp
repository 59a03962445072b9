// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>

namespace gbrs {

/// A position between two neighbours of a grid: value = (1 - weight) * at(first) + weight * at(second).
struct Between {
  int first;
  int second;
  float weight;
};

inline Between between(double position, int size) {
  const double clamped = std::clamp(position, 0.0, static_cast<double>(size - 1));
  const int first = static_cast<int>(clamped);
  return {first, std::min(first + 1, size - 1), static_cast<float>(clamped - first)};
}

inline float mix(float a, float b, float weight) { return a + (b - a) * weight; }

/// Of a grid whose rows are `width` values long.
inline float value_at(const float* values, int width, const Between& column, const Between& row) {
  const float* const first = values + static_cast<std::ptrdiff_t>(row.first) * width;
  const float* const second = values + static_cast<std::ptrdiff_t>(row.second) * width;
  return mix(mix(first[column.first], first[column.second], column.weight),
             mix(second[column.first], second[column.second], column.weight), row.weight);
}

}  // namespace gbrs
