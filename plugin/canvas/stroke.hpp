// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "canvas/view_transform.hpp"

namespace gbrs::plugin {

/// A brush's way over the picture. Image pixels. Knows neither GTK nor GIMP.
class Stroke final {
 public:
  /// More clicks than these say no more, and each of them is computed with.
  static constexpr int kMostClicks = 32;

  void begin(Point place) { path_.assign(1, place); }
  void add(Point place);
  [[nodiscard]] const std::vector<Point>& path() const { return path_; }

  /// Places along the way from its beginning to its end, evenly and about `radius` apart, at most kMostClicks. No two
  /// of them on one pixel.
  [[nodiscard]] std::vector<Point> places(double radius) const;

 private:
  std::vector<Point> path_;
};

}  // namespace gbrs::plugin
