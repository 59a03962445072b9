// SPDX-License-Identifier: Apache-2.0
#pragma once

// A click: a place, how far it reaches, and what should be there; and its written form, the same on the
// command line, in GIMP's procedures and in the clicks kept with an image.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gbrs/error.hpp"
#include "gbrs/export.hpp"
#include "gbrs/task.hpp"

namespace gbrs {

/// Targets of a segmentation click (the paper's l = +-1).
inline constexpr double kInclude = 1.0;
inline constexpr double kExclude = -1.0;
/// Targets of a push.
inline constexpr double kRaise = 1.0;  ///< depth: farther
inline constexpr double kLower = -1.0;

struct Place {
  double x = 0;  ///< continuous image pixels, 0 <= x < width; floor(x) is the pixel meant
  double y = 0;
  bool operator==(const Place&) const = default;
};

enum class ClickMode {
  value,   ///< the answer should be `target` here
  push,    ///< matte, depth: it should be more or less than it is (kRaise, kLower)
  stroke,  ///< semantic: it should be `target` along a path
};

struct Click {
  double x = 0;  ///< continuous image pixels, 0 <= x < width; floor(x) is the pixel meant
  double y = 0;
  std::optional<double> radius = std::nullopt;  ///< attention radius in image pixels, >= 0; none: automatic
  double target = kInclude;                     ///< segment: kInclude, kExclude; semantic: class; matte: alpha; depth
  ClickMode mode = ClickMode::value;
  std::optional<Place> same_as = std::nullopt;  ///< the target is what the answer has there; `target` does not count
  std::vector<Place> path = {};                 ///< of a stroke, after (x, y); its radius is half its width, and has to be there
  bool operator==(const Click&) const = default;
};

/// Reads clicks separated by white space. What a task's clicks look like ([,R]: the radius in pixels may follow):
///
///   segment    X,Y,+[,R] includes, X,Y,-[,R] excludes
///   semantic   X,Y,CLASS[,R] or X,Y,@X2,Y2[,R] (the class that is at X2,Y2) or a stroke X,Y;X,Y;X,Y,CLASS,WIDTH
///   matte      X,Y,ALPHA[,R] (0 to 1) or X,Y,@X2,Y2[,R] or a push X,Y,+[,R] or X,Y,-[,R]
///   depth      X,Y,DEPTH[,R] (0 or more) or X,Y,@X2,Y2[,R] or a push X,Y,near[,R] or X,Y,far[,R]
///
/// for example "120,80,+ 300.25,40.5,-,25". A whole number as X or Y means that pixel (its centre is taken);
/// a number with a decimal point is a continuous coordinate. The locale does not matter.
/// Errors: invalid_argument naming the offending click.
GBRS_API Expected<std::vector<Click>> parse_clicks(std::string_view text, Task task = Task::segment);

/// The written form of clicks; parse_clicks gives back exactly the same values.
GBRS_API std::string format_clicks(std::span<const Click> clicks, Task task = Task::segment);

}  // namespace gbrs
