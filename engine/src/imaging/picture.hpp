// SPDX-License-Identifier: Apache-2.0
#pragma once

// The picture of a session: our own copy of the pixels, with smaller versions of it for drawing zoomed out.
// Immutable and thread-safe; shared by the session and all its answers.

#include <array>
#include <cstdint>
#include <mutex>
#include <opencv2/core.hpp>

#include "gbrs/error.hpp"
#include "gbrs/image.hpp"

namespace gbrs {

class Picture {
 public:
  /// Copies the view's colours. Errors: invalid_argument (no pixels, below kMinImageSide a side, above
  /// kMaxImagePixels, stride too short), out_of_memory (names the need and what is available).
  static Expected<std::shared_ptr<const Picture>> copy(ImageView view);

  [[nodiscard]] int width() const { return levels_[0].cols; }
  [[nodiscard]] int height() const { return levels_[0].rows; }

  /// The picture reduced by 2^level, each pixel the mean of those it covers: CV_8UC3, R'G'B'.
  [[nodiscard]] const cv::Mat& level(int index) const;
  /// The last level that exists: its shorter side is still above 1 pixel.
  [[nodiscard]] int last_level() const { return last_level_; }

  /// The picture inside `box` (image pixels) resampled to width x height: area average when it gets smaller,
  /// bilinear when larger. CV_8UC3, R'G'B'.
  [[nodiscard]] cv::Mat resampled(Rectangle box, int width, int height) const;

 private:
  static constexpr int kMaxLevels = 16;
  mutable std::mutex mutex_;
  mutable std::array<cv::Mat, kMaxLevels> levels_;
  int last_level_ = 0;
};

/// Smaller pictures hold nothing to select, and the network has nothing to look at.
inline constexpr int kMinImageSide = 8;

}  // namespace gbrs
