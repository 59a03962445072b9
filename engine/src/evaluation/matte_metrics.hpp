// SPDX-License-Identifier: Apache-2.0
#pragma once

// Metrics of mattes as the MATLAB evaluation of Composition-1k computes them, in its units.

#include <opencv2/core.hpp>
#include <optional>

namespace gbrs {

struct MatteErrors {
  long long unknown_pixels = 0;
  double sad = 0;   ///< sum of |p - t| / 255, in thousands
  double mse = 0;   ///< mean of ((p - t) / 255)^2
  double grad = 0;  ///< sum of squared differences of gradient magnitudes, in thousands
  double conn = 0;  ///< sum of differences of connectivity, in thousands
};

/// Over the unknown pixels (trimap exactly 128); all three CV_8UC1 of one size, the prediction with the trimap's known
/// regions in it. Nothing where no pixel is unknown.
[[nodiscard]] std::optional<MatteErrors> matte_errors(const cv::Mat& prediction, const cv::Mat& truth,
                                                      const cv::Mat& trimap);

/// Derivative of a Gaussian of sigma 1.4 along x, 9 x 9, of norm 1: CV_64F.
[[nodiscard]] cv::Mat gradient_kernel();

/// Magnitude of the gradient of an 8-bit image stretched to 0..1: CV_64F.
[[nodiscard]] cv::Mat gradient_magnitude(const cv::Mat& image);

/// The largest threshold (0, 0.1 .. 1) at which a pixel is still connected with the largest region that both mattes
/// hold, CV_32F; of equally large regions the first one met column by column counts.
[[nodiscard]] cv::Mat connected_level(const cv::Mat& prediction, const cv::Mat& truth);

}  // namespace gbrs
