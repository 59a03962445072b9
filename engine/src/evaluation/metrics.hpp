// SPDX-License-Identifier: Apache-2.0
#pragma once

// Numbers made of IoU curves and times. A curve here is the IoU after clicks 1..N of one object, or the mean.

#include <span>
#include <vector>

namespace gbrs {

/// Number of clicks (NoC): 1 + index of the first IoU >= threshold, or `limit` if there is none. The whole
/// curve is searched, and both sides are compared as float, since the official codes store float32.
int number_of_clicks(std::span<const double> ious, double threshold, int limit);

/// How the area under a mean curve is taken (method.md, AUC).
enum class AucRule {
  trapezoid,  ///< over clicks 1..N, divided by N - 1
  mean,       ///< mean over clicks 1..N
};

/// `ious`: after clicks 1..N, N >= 1; with one click both rules give its IoU.
double area_under_curve(std::span<const double> ious, AucRule rule);

double mean(std::span<const double> values);

/// The q-quantile (0..1), linear between the two nearest values of the sorted list; 0 of an empty one.
double quantile(std::vector<double> values, double q);

}  // namespace gbrs
