// SPDX-License-Identifier: Apache-2.0
#pragma once

// From a small map to the picture's own pixels, with edges that follow the picture: the guided filter with
// colour guidance in its fast form (K. He, J. Sun, X. Tang, doi:10.1109/TPAMI.2012.213; K. He, J. Sun,
// "Fast Guided Filter", arXiv:1505.00996). On the small grid every window gets a linear model
// value = a . colour + b; the models, interpolated, are applied to the full picture's colours. So a value
// depends on its place only, and any part can be rendered alone.

#include <memory>
#include <opencv2/core.hpp>

namespace gbrs {

/// The linear models: CV_32FC4 at the guide's size, channels (a_R, a_G, a_B, b); colours count 0..1.
struct GuidedModel {
  cv::Mat coefficients;
};

/// What all fits to one picture share: the statistics of its windows, which the first fit computes and copies share.
/// Thread-safe.
class GuidedFilter {
 public:
  GuidedFilter() = default;  ///< of no picture: fits nothing
  /// `guide` CV_8UC3, the picture at the small size, shared with the caller. `radius`: half the window in small pixels;
  /// `epsilon`: below this variance of colours (0..1 squared) an edge of the picture does not count.
  GuidedFilter(const cv::Mat& guide, int radius, double epsilon);

  [[nodiscard]] cv::Size size() const { return guide_.size(); }
  /// `map` CV_32FC1 of the guide's size, of any range.
  [[nodiscard]] GuidedModel fit(const cv::Mat& map) const;

 private:
  struct Windows;

  int radius_ = 0;
  double epsilon_ = 0;
  cv::Mat guide_;  // CV_8UC3
  std::shared_ptr<Windows> windows_;
};

/// Models that are the map itself, whatever the colours.
GuidedModel unguided_model(const cv::Mat& map);

}  // namespace gbrs
