// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which part of a picture a click on a map of classes is about: the object that it lies in, as a model of objects sees
// it that is told the same click. A network of classes knows what things are and hardly where they end; what a click's
// radius leaves open, that model was trained for.

#include <memory>
#include <span>

#include "gbrs/session.hpp"
#include "session/frame.hpp"

namespace gbrs {

class ObjectFinder {
 public:
  /// `objects`: on the picture, of a model of objects.
  explicit ObjectFinder(Session objects) : objects_(std::move(objects)) {}

  /// The coverage of the object that the last of `clicks`, which has a radius, lies in, 0 to 1, on the pixels of
  /// `frame`. What earlier ones within two radii say is of another class is left out; strokes and clicks that name a
  /// place instead of a class say nothing. A function of its arguments alone. Blocks for as long as one or two steps
  /// take. Errors: those of Session::wait().
  Expected<std::shared_ptr<const FrameMap>> object_of_last(std::span<const Click> clicks, const Frame& frame);

 private:
  Session objects_;
};

/// How objects are looked for: without refinement and what follows it, which change little and take longer.
[[nodiscard]] SessionOptions object_finder_options();

}  // namespace gbrs
