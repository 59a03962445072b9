// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which part of a picture a click on a map of classes is about: the object that it lies in, as a model of objects sees
// it that is told the same click. A network of classes knows what things are and hardly where they end; what a click's
// radius leaves open, that model was trained for.

#include <memory>
#include <span>
#include <vector>

#include "gbrs/session.hpp"
#include "session/frame.hpp"

namespace gbrs {

/// What a click is about.
struct ClickObject {
  std::shared_ptr<const FrameMap> coverage = nullptr;  ///< of the frame's pixels, 0 to 1; null: no object is known
  std::vector<Place> others = {};                      ///< where clicks say that it is not
};

class ObjectFinder {
 public:
  struct Asked {
    const Click& click;
    ClickObject& object;
  };

  /// `objects`: on the picture, of a model of objects.
  explicit ObjectFinder(Session objects) : objects_(std::move(objects)) {}

  /// Finds the object of the last click, where that has a radius, and those of earlier ones anew where the last one
  /// says that they are of another class there. An object is not where a click of another class lies in it or within
  /// two radii; strokes and clicks that name a place instead of a class say nothing. A function of its arguments
  /// alone. Blocks for a step of the model of objects for each object, or two. Errors: those of Session::wait().
  Expected<void> find_last(std::span<const Asked> clicks, const Frame& frame);

 private:
  Expected<void> find(const Asked& asked, const Frame& frame);

  Session objects_;
};

/// How objects are looked for: without refinement and what follows it, which change little and take longer.
[[nodiscard]] SessionOptions object_finder_options();

}  // namespace gbrs
