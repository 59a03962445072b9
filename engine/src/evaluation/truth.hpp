// SPDX-License-Identifier: Apache-2.0
#pragma once

// What an object's answer is measured against.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "gbrs/image.hpp"

namespace gbrs {

inline constexpr int kBackgroundLabel = 0;
inline constexpr int kObjectLabel = 1;
inline constexpr int kIgnoredLabel = -1;  ///< belongs to no error and to no IoU

/// Row-major height x width labels of one object.
struct Truth {
  int width = 0;
  int height = 0;
  std::vector<int> labels;

  [[nodiscard]] bool has_object() const;
};

/// Which codes of a mask mean what; every other code is background.
struct MaskCodes {
  int object = 255;
  bool has_higher = false;  ///< codes above `object` are the object, too
  std::optional<int> ignore;
};

/// `codes`: width * height values of a mask, row-major.
Truth truth_from_codes(std::span<const std::uint8_t> codes, int width, int height, const MaskCodes& meaning);

/// A prediction: 1 where the coverage is above 0.5, else 0; row-major.
std::vector<std::uint8_t> predicted_pixels(const Map& coverage);

/// Intersection over union of `prediction` (0 or 1) with the object over the pixels that are not ignored, as in
/// the official codes. There must be an object.
double intersection_over_union(std::span<const std::uint8_t> prediction, const Truth& truth);

}  // namespace gbrs
