// SPDX-License-Identifier: Apache-2.0
#pragma once

// Clicks on one object as the official codes of f-BRS and RITM simulate them: in the middle of the largest
// error, never on the same pixel again (github.com/saic-vul/fbrs_interactive_segmentation); optionally displaced, as
// people click.

#include <cstdint>
#include <opencv2/core.hpp>
#include <optional>
#include <span>
#include <string>

#include "evaluation/simulated_clicks.hpp"
#include "evaluation/truth.hpp"

namespace gbrs {

struct ClickRules {
  /// What happens when no pixel is wrong that was not clicked already.
  enum class NoError {
    stop,  ///< no click: the last prediction counts for the rest (method.md, STOPSIM)
    click  ///< the official codes' negative click at (0, 0), wherever the object is
  };

  SimulationRules simulation{.ignored_label = kIgnoredLabel};
  NoError no_error = NoError::stop;
  /// A click is displaced in a random direction by a length uniform in [0, jitter * its distance to the error's
  /// edge), 0..1; it stays on the error and off clicked pixels.
  double jitter = 0;
};

class Clicker {
 public:
  /// `truth` is referred to. The displacements are a function of `object` and the click's number.
  Clicker(const Truth& truth, std::string object, ClickRules rules);

  /// The next click for `prediction` (0 or 1 for each pixel); label 1 on the object, 0 on the background.
  std::optional<SimulatedClick> next(std::span<const std::uint8_t> prediction);

 private:
  void displace(SimulatedClick& click, const cv::Mat& prediction) const;

  const std::string object_;
  const ClickRules rules_;
  cv::Mat truth_;    ///< CV_32S, over the truth's own labels
  cv::Mat clicked_;  ///< CV_8U, 255 at clicked pixels
  int count_ = 0;
};

}  // namespace gbrs
