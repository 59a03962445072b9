// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gbrs/image.hpp"

// Between depths and the grey values of a depth layer. Knows neither GTK nor GIMP.

namespace gbrs::plugin {

struct DepthScale {
  double near = 0;            ///< the depth that becomes one end of the grey values
  double far = 0;             ///< and the other; not beyond near: both are the map's own least and greatest
  bool is_disparity = false;  ///< grey is linear in 1 / depth: what moves most when the camera does
  bool is_near_white = true;
  bool widens = false;  ///< what lies beyond near and far moves them, instead of being cut off

  [[nodiscard]] bool has_range() const { return far > near; }
};

/// The scale that a map gets whose depths go from `least` to `most`; it has no wish left.
[[nodiscard]] DepthScale settled(DepthScale scale, double least, double most);

/// Grey values 0..1.
[[nodiscard]] Map grey_of(Map depth, const DepthScale& scale);

/// Depths of grey values, 0 or more: what grey_of() takes back. A layer of floats may have values beyond 0..1. `scale`
/// has a range.
[[nodiscard]] Map depths_of(Map grey, const DepthScale& scale);

/// The range for which depths_of(grey) comes closest to `depth`, a map of the same picture in any size: by least
/// squares of what the greys are linear in. Where that is none (they run the other way, or are all alike), the depths'
/// own.
[[nodiscard]] DepthScale fitted(DepthScale scale, const Map& grey, const Map& depth);

}  // namespace gbrs::plugin
