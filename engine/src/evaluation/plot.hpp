// SPDX-License-Identifier: Apache-2.0
#pragma once

// A line plot as an SVG text.

#include <span>
#include <string>
#include <vector>

namespace gbrs {

struct PlotLine {
  std::string name;
  std::vector<double> values;  ///< 0..1 at 0, 1, 2, ...; at least two. Where all are small, so is the plot's scale
};

/// What `label` names (0..1) over the number of clicks; six colours, then again from the first.
std::string click_plot(std::span<const PlotLine> lines, const std::string& label = "mean IoU");

}  // namespace gbrs
