// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

#include "training/random.hpp"

namespace gbrs {

/// A mask that comes from somewhere else than the network, such as a user's: shifted, too thick or too thin, parts
/// missing or too many. `object`: CV_8UC1, 0 or 255, not empty. Returns logits CV_32FC1 between -4 and 4, the session's
/// for a mask to start from (session/rendering.cpp).
[[nodiscard]] cv::Mat faulty_mask(const cv::Mat& object, Random& random);

}  // namespace gbrs
