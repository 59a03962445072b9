// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "canvas/painter.hpp"

// A picture, more and more blurred. Knows neither GTK nor GIMP.

namespace gbrs::plugin {

/// Paints a part of the picture at a scale (Answer::render has both), opaque; beyond its edges they go on. Any thread.
using PictureSource = std::function<void(Rectangle part, double scale, PixelRows pixels)>;

/// How much of the greatest blur each level has.
inline constexpr double kBlurShares[] = {0, 1.0 / 16, 1.0 / 8, 1.0 / 4, 1.0 / 2, 1};
inline constexpr int kBlurLevels = sizeof kBlurShares / sizeof kBlurShares[0];

/// The levels of the part that is looked at, as words without alpha, row-major. The last part asked for is kept, so
/// that what changes nothing of them costs nothing. Thread-safe.
class BlurLevels final {
 public:
  using Words = std::vector<std::uint32_t>;
  using Levels = std::vector<Words>;

  explicit BlurLevels(PictureSource source) : source_(std::move(source)) {}

  /// kBlurLevels of them, of the part's size. `most` is the standard deviation of the last, in pixels at `scale`.
  [[nodiscard]] std::shared_ptr<const Levels> of(Rectangle part, double scale, double most);

 private:
  [[nodiscard]] Levels made(Rectangle part, double scale, double most) const;

  PictureSource source_;
  std::mutex mutex_;
  Rectangle part_;
  double scale_ = 0;
  double most_ = 0;
  std::shared_ptr<const Levels> levels_;
};

}  // namespace gbrs::plugin
