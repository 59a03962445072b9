// SPDX-License-Identifier: Apache-2.0
#pragma once

// The part of the picture that the network sees and the scale at which it sees it. The only place where
// image pixels and frame pixels are converted into each other.

#include "gbrs/click.hpp"
#include "gbrs/image.hpp"
#include "models/manifest.hpp"
#include "refine/backend.hpp"

namespace gbrs {

/// A box of the image mapped linearly onto width x height frame pixels.
struct Frame {
  Rectangle box;  ///< image pixels
  int width = 0;  ///< frame pixels
  int height = 0;

  /// The box, its longer side `settings.long_side` frame pixels, the shorter one in proportion but rounded to what the
  /// network takes.
  static Frame of(Rectangle box, const InputSettings& settings);
  static Frame whole(int image_width, int image_height, const InputSettings& settings) {
    return of({0, 0, image_width, image_height}, settings);
  }

  [[nodiscard]] double scale_x() const { return static_cast<double>(width) / box.width; }
  [[nodiscard]] double scale_y() const { return static_cast<double>(height) / box.height; }
  /// Frame pixels per image pixel for lengths that have no direction.
  [[nodiscard]] double scale() const;
  /// Continuous image coordinate to frame pixel index (pixel centres are whole numbers).
  [[nodiscard]] double u(double x) const { return (x - box.x) * scale_x() - 0.5; }
  [[nodiscard]] double v(double y) const { return (y - box.y) * scale_y() - 0.5; }
  [[nodiscard]] bool holds(const Click& click) const {
    return click.x >= box.x && click.y >= box.y && click.x < box.x + box.width && click.y < box.y + box.height;
  }
  [[nodiscard]] FrameClick to_frame(const Click& click) const;

  bool operator==(const Frame&) const = default;
};

/// What `map` (one channel, on a grid of `frame`) has nearest to the click's pixel.
[[nodiscard]] float value_at(const FrameMap& map, const Frame& frame, const Click& click);

}  // namespace gbrs
