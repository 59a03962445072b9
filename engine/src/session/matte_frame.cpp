// SPDX-License-Identifier: Apache-2.0
#include "session/matte_frame.hpp"

#include <algorithm>

namespace gbrs {
namespace {

// What colours belong to the object and what to the background is seen around the unknown part.
constexpr double kMarginShare = 0.1;  // of the longer side of what is unknown
constexpr int kLeastMargin = 32;      // pixels
constexpr int kLeastSide = 256;

/// The next length that the network takes as it is.
int taken(int length, const InputSettings& settings) {
  const int steps = (length - settings.rest + settings.multiple - 1) / settings.multiple;
  return steps * settings.multiple + settings.rest;
}

/// A side with its margins, of a length that needs no resampling where the picture is large enough for that.
void widen(int& start, int& length, int margin, int most, const InputSettings& settings) {
  const int side = std::min(taken(std::max(length + 2 * margin, kLeastSide), settings), most);
  start = std::clamp(start - (side - length) / 2, 0, most - side);
  length = side;
}

}  // namespace

Frame matte_frame(const Trimap& trimap, int image_width, int image_height, const InputSettings& settings) {
  Rectangle box = unknown_box(trimap);
  const int margin = std::max(kLeastMargin, static_cast<int>(kMarginShare * std::max(box.width, box.height)));
  widen(box.x, box.width, margin, image_width, settings);
  widen(box.y, box.height, margin, image_height, settings);
  InputSettings own = settings;
  own.long_side = std::min(settings.long_side, taken(std::max(box.width, box.height), settings));
  return Frame::of(box, own);
}

}  // namespace gbrs
