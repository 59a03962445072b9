// SPDX-License-Identifier: Apache-2.0
#pragma once

// The click that a patient user would give next (paper, eq. 14; method.md, Simulated clicks): in the middle of the
// largest error, reaching to its farthest point.

#include <opencv2/core.hpp>
#include <optional>

namespace gbrs {

struct SimulationRules {
  int ignored_label = 255;
  int connectivity = 8;       ///< 4 or 8, of the error region that gives the radius
  bool border_counts = true;  ///< pixels beyond the image's border count as outside the error
  int dilation = 15;          ///< values: side of the square by which the error grows before its radius is taken
};

struct SimulatedClick {
  int u = 0;          ///< column
  int v = 0;          ///< row
  int label = 0;      ///< class that should be there (segmentation 1 object, 0 background); values: 1 more, -1 less
  double value = 0;   ///< values: what should be there
  double radius = 0;  ///< pixels, to the farthest pixel of the error region that holds the click
  long long squared_depth = 0;  ///< squared distance from the click to the nearest pixel that is no error
};

/// The next click for classes 0..C-1, or nothing when no pixel is wrong.
/// `prediction`, `truth`: CV_32SC1 label maps of the same size. Of equally deep errors the lowest class
/// counts, then the first pixel in row-major order. `clicked`: CV_8UC1, pixels other than 0 are not clicked
/// again (the official codes of f-BRS and RITM remember them); empty: none.
std::optional<SimulatedClick> simulate_click(const cv::Mat& prediction, const cv::Mat& truth,
                                             SimulationRules rules = {}, const cv::Mat& clicked = {});

/// The same for values (matting, depth): CV_64FC1 maps of the same size, `valid`: CV_8UC1, 0 where there is no truth.
/// Wrong are the pixels whose absolute error is above Otsu's threshold; of equally deep errors one that is too low
/// counts first. The radius is that of the error grown by a square. Nothing when no valid pixel is off.
std::optional<SimulatedClick> simulate_value_click(const cv::Mat& prediction, const cv::Mat& truth,
                                                   const cv::Mat& valid, SimulationRules rules = {});

/// The pixels of class `label` that were predicted as something else: CV_8UC1, 255 or 0.
cv::Mat missed_pixels(const cv::Mat& prediction, const cv::Mat& truth, int label, int ignored_label);

/// The largest distance from (u, v) to a pixel of the connected part of `region` (CV_8UC1) that holds it: the
/// radius of a click there (method.md, Simulated clicks). `connectivity`: 4 or 8.
double reach(const cv::Mat& region, int u, int v, int connectivity);

}  // namespace gbrs
