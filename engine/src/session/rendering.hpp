// SPDX-License-Identifier: Apache-2.0
#pragma once

// From a network's answer on its own grid to coverage of the picture's pixels, and the guarantee that every
// click is obeyed there.

#include <memory>
#include <string>
#include <vector>

#include "gbrs/answer.hpp"
#include "imaging/guided_upsampling.hpp"
#include "imaging/picture.hpp"
#include "refine/backend.hpp"
#include "session/frame.hpp"

namespace gbrs {

/// A bump around a click's pixel that puts it on its side where refinement did not:
/// amount * (1 - d^2 / radius^2)^2 within `radius`, d the distance to (x, y).
struct Correction {
  double x = 0;  ///< centre of the click's pixel, image pixels
  double y = 0;
  double radius = 0;  ///< at most the distance to the nearest click of another target, where it is 0 thus
  double amount = 0;  ///< coverage
};

struct Answer::Data {
  std::shared_ptr<const Picture> picture;
  Frame frame;
  std::shared_ptr<const Map> start;  ///< shown as it is outside the frame and while there are no clicks; may be null
  GuidedModel model;                 ///< empty: no clicks
  std::vector<Correction> corrections;
  std::vector<Step> history;
  std::vector<Click> clicks;  ///< all of the history's
  std::vector<ClickVerdict> verdicts;
  std::vector<StepReport> steps;
  bool is_final = true;
  std::string model_name;
  std::string device;
};

/// Prepares `data` (all of it but model and corrections filled in) for rendering `logits` [grid of the
/// frame], and corrects what the clicks do not find obeyed. `frame_picture`: the picture at the frame's size.
void set_answer(Answer::Data& data, const FrameMap& logits, const cv::Mat& frame_picture);

/// Verdicts without radii: a click is unsatisfied when a newer one on the same pixel wants something else.
std::vector<ClickVerdict> contradictions(std::span<const Click> clicks);

/// Answer::render. Throws std::bad_alloc.
Map render_map(const Answer::Data& data, Rectangle rectangle, double scale);

/// `map` on width x height points whose corners lie on the map's corners, bilinear.
FrameMap resized_to_corners(const FrameMap& map, int width, int height);

/// The answer to start from for a coverage map of the picture's size: logits of +-4, softened over two
/// frame pixels (gbrs.md 14).
FrameMap start_logits(const Map& coverage, const Frame& frame);

}  // namespace gbrs
