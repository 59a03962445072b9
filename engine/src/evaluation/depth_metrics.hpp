// SPDX-License-Identifier: Apache-2.0
#pragma once

// Metrics of depth maps as the BTS evaluation computes them (NYU-Depth-V2 and KITTI): no median scaling.

#include <optional>
#include <span>

#include "gbrs/image.hpp"

namespace gbrs {

/// The part of an image that is evaluated.
enum class DepthCrop {
  none,
  nyu_eigen,    ///< rows 45..470, columns 41..600 of 480 x 640, both ends included
  kitti_garg,   ///< shares of the image's sides
  kitti_eigen,  ///< others
};

struct DepthRange {
  double min = 1e-3;
  double max = 10;  ///< NYU 10, KITTI 80
};

struct DepthErrors {
  long long pixels = 0;  ///< with truth, within the crop
  double delta1 = 0;     ///< share of the pixels with max(g/d, d/g) < 1.25
  double delta2 = 0;     ///< < 1.25^2
  double delta3 = 0;
  double abs_rel = 0;  ///< mean |g - d| / g
  double sq_rel = 0;   ///< mean (g - d)^2 / g
  double rmse = 0;
  double rmse_log = 0;  ///< natural logarithm
  double silog = 0;     ///< 100 times the deviation of ln d - ln g
  double log10 = 0;     ///< mean |log10 d - log10 g|
};

/// Of a prediction [height,width] against the truth, 0 where nothing was measured; truth counts where it is above min
/// and below max, predictions are brought between them (NaN: min). Nothing where no pixel counts.
[[nodiscard]] std::optional<DepthErrors> depth_errors(const Map& prediction, const Map& truth, DepthRange range = {},
                                                      DepthCrop crop = DepthCrop::none);

/// The same within `box`, which lies in the image.
[[nodiscard]] std::optional<DepthErrors> depth_errors(const Map& prediction, const Map& truth, DepthRange range,
                                                      Rectangle box);

/// Whether the truth counts: above min, below max.
[[nodiscard]] bool is_measured(float truth, const DepthRange& range);
/// A prediction as it is measured: brought between min and max; NaN becomes min.
[[nodiscard]] float settled(float prediction, const DepthRange& range);

/// The box of a crop in an image of width x height.
[[nodiscard]] Rectangle crop_box(DepthCrop crop, int width, int height);

}  // namespace gbrs
