// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gbrs/image.hpp"

// From depths to the grey values of a depth layer. Knows neither GTK nor GIMP.

namespace gbrs::plugin {

struct DepthScale {
  double near = 0;  ///< the depth that becomes one end of the grey values
  double far = 0;   ///< and the other; not beyond near: both are the map's own least and greatest
  bool is_disparity = false;  ///< grey is linear in 1 / depth: what moves most when the camera does
  bool is_near_white = true;
};

/// Grey values 0..1.
[[nodiscard]] Map grey_of(Map depth, DepthScale scale);

}  // namespace gbrs::plugin
