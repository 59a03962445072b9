// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

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

}  // namespace gbrs
