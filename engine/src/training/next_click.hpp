// SPDX-License-Identifier: Apache-2.0
#pragma once

// The next click on a network's answer, as evaluation/simulated_clicks.hpp has it for measuring, but less exact of
// user and with less work: two kinds of error, and at times another place than the very deepest.

#include <opencv2/core.hpp>
#include <optional>

#include "training/random.hpp"

namespace gbrs {

struct NextClick {
  int u = 0;  ///< column
  int v = 0;  ///< row
  bool is_object = false;
  double reach = 0;  ///< to the farthest pixel of the error region that holds the click
};

/// `answer`: CV_8UC1, 0 or else; `truth`: CV_8UC1 of Truth. The error with the deepest point counts, of equal ones a
/// false object; with the probability `random_place` the click is any pixel of that kind of error at least half as
/// deep. Nothing when no pixel is wrong.
[[nodiscard]] std::optional<NextClick> next_click(const cv::Mat& answer, const cv::Mat& truth, double random_place,
                                                  Random& random);

}  // namespace gbrs
