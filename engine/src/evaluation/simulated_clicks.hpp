// SPDX-License-Identifier: Apache-2.0
#pragma once

// The click that a patient user would give next (paper, eq. 14; gbrs.md 10): in the middle of the largest
// error, reaching to its farthest point.

#include <opencv2/core.hpp>
#include <optional>

namespace gbrs {

struct SimulationRules {
  int ignored_label = 255;
  int connectivity = 8;       ///< 4 or 8, of the error region that gives the radius
  bool border_counts = true;  ///< pixels beyond the image's border count as outside the error
};

struct SimulatedClick {
  int u = 0;  ///< column
  int v = 0;  ///< row
  int label = 0;  ///< class that should be there: segmentation 1 object, 0 background
  double radius = 0;  ///< pixels, to the farthest pixel of the error region that holds the click
  long long squared_depth = 0;  ///< squared distance from the click to the nearest pixel that is no error
};

/// The next click for classes 0..C-1, or nothing when no pixel is wrong.
/// `prediction`, `truth`: CV_32SC1 label maps of the same size. Of equally deep errors the lowest class
/// counts, then the first pixel in row-major order.
std::optional<SimulatedClick> simulate_click(const cv::Mat& prediction, const cv::Mat& truth, SimulationRules rules = {});

}  // namespace gbrs
