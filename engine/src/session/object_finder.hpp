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
  std::vector<Place> others = {};                      ///< of clicks that say where it is not
  bool counts = true;                                  ///< whether nothing contradicted the click
};

struct ClickAndObject {
  const Click& click;
  ClickObject& object;
};

class ObjectFinder {
 public:
  /// `objects`: on the picture, of a model of objects.
  explicit ObjectFinder(Session objects) : objects_(std::move(objects)) {}

  /// Finds the object of the last click, where that has a radius. It is not where earlier clicks of other classes are,
  /// within two radii or in what is found; and earlier objects of other classes that the last click lies in are found
  /// anew without its place. Strokes and clicks that name a place instead of a class say nothing of objects. What is
  /// found depends on the arguments alone. Blocks for a step of the model of objects for each object that is found
  /// anew, and for one or two for the last click's. Errors: those of Session::wait(); the objects are of no use then.
  Expected<void> find_last(std::span<const ClickAndObject> clicks, const Frame& frame);

 private:
  Expected<void> find(const ClickAndObject& about, const Frame& frame);

  Session objects_;
};

/// How objects are looked for: without refinement and what follows it, which change little and take longer.
[[nodiscard]] SessionOptions object_finder_options();

}  // namespace gbrs
