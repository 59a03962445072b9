// SPDX-License-Identifier: Apache-2.0
#pragma once

// A click: a place, how far it reaches, and what should be there; and its written form, the same on the
// command line, in GIMP's procedure and in the clicks kept with an image.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gbrs/error.hpp"
#include "gbrs/export.hpp"

namespace gbrs {

/// Targets of a segmentation click (the paper's l = +-1).
inline constexpr double kInclude = 1.0;
inline constexpr double kExclude = -1.0;

struct Click {
  double x = 0;  ///< continuous image pixels, 0 <= x < width; floor(x) is the pixel meant
  double y = 0;
  std::optional<double> radius = std::nullopt;  ///< attention radius in image pixels, >= 0; none: chosen automatically
  double target = kInclude;      ///< what the answer should be there
  bool operator==(const Click&) const = default;
};

/// Reads clicks separated by white space: "X,Y,+" includes, "X,Y,-" excludes, a fourth field is the radius
/// in pixels: "120,80,+ 300.25,40.5,-,25". A whole number as X or Y means that pixel (its centre is taken);
/// a number with a decimal point is a continuous coordinate. The locale does not matter.
/// Errors: invalid_argument naming the offending click.
GBRS_API Expected<std::vector<Click>> parse_clicks(std::string_view text);

/// The written form of clicks; parse_clicks gives back exactly the same values.
GBRS_API std::string format_clicks(std::span<const Click> clicks);

}  // namespace gbrs
