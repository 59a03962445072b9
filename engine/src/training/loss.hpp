// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a training makes small: cross-entropy plus 1 - soft IoU, on the network's own grid.

#include <opencv2/core.hpp>

#include "layers/tensor.hpp"
#include "training/recipe.hpp"

namespace gbrs {

/// A crop's truth on the grid of the answers.
struct GridTruth {
  cv::Mat labels;   ///< CV_8UC1 of Truth
  cv::Mat weights;  ///< CV_32FC1: 0 where ignored, 1, more near the boundary
};

/// Takes every second pixel: an answer's values lie on the frame's even pixels.
/// `truth`: CV_8UC1 of Truth, sides 2 n - 1.
[[nodiscard]] GridTruth make_grid_truth(const cv::Mat& truth, const LossRecipe& recipe);

/// The mean over the batch of
///   sum w bce / sum w  +  overlap (1 - sum w p t / sum w (p + t - p t)),
/// logits, labels t (0 or 1) and weights w [B,1,h,w] in float32; a number.
[[nodiscard]] Tensor training_loss(const Tensor& logits, const Tensor& labels, const Tensor& weights, double overlap);

/// Intersection over union of an answer (0 or else) with a truth, ignored pixels left out.
[[nodiscard]] double overlap_of(const cv::Mat& answer, const cv::Mat& truth);

}  // namespace gbrs
