// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is known of a matte before the network looks: which pixels are wholly the object, which not at all. Immutable
// and thread-safe.

#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "gbrs/error.hpp"
#include "gbrs/image.hpp"

namespace gbrs {

class Trimap {
 public:
  static constexpr std::uint8_t kBackground = 0, kUnknown = 128, kForeground = 255;

  /// `map`: 0 background, 1 foreground, unknown between. Errors: invalid_argument (values beyond 0..1; no background, no
  /// foreground, nothing unknown).
  static Expected<std::shared_ptr<const Trimap>> of(const Map& map);

  explicit Trimap(cv::Mat codes) : codes_(std::move(codes)) {}  ///< CV_8UC1

  /// The alpha of a pixel; none: unknown.
  [[nodiscard]] std::optional<float> known(int x, int y) const;
  /// Of one row, CV_8U.
  [[nodiscard]] const std::uint8_t* row(int y) const { return codes_.ptr(y); }
  /// The smallest rectangle that holds all that is unknown.
  [[nodiscard]] Rectangle unknown_box() const;
  /// The part in `box` on width x height pixels: known where all that a pixel touches is known alike.
  [[nodiscard]] std::vector<std::uint8_t> resampled(Rectangle box, int width, int height) const;

 private:
  cv::Mat codes_;
};

}  // namespace gbrs
