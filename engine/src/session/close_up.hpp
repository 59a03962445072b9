// SPDX-License-Identifier: Apache-2.0
#pragma once

// A closer look around a click. A frame shows the whole object, and what is thin in it may be less than a pixel there.
// So a click about a small part of the object is followed by a look at its surroundings alone, at a finer scale. What
// the network says there lies on top of the object's answer from then on, except where that one changes its mind later.
// Refining around the click is FocalClick's idea (Chen et al., CVPR 2022, arXiv:2204.02574); here the same network
// looks again. Training can show it such views (docs/training.md, `clicks.close`); the shipped weights saw none.

#include <memory>
#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "gbrs/click.hpp"
#include "refine/backend.hpp"
#include "session/frame.hpp"

namespace gbrs {

struct CloseUp {
  Frame frame;
  FrameMap answer;  ///< logits, grid of `frame`
  FrameMap object;  ///< what the answer of the whole object was there, on the same grid
};
using CloseUps = std::vector<std::shared_ptr<const CloseUp>>;  ///< oldest first

/// The answer of the frame of a step and what lies on it.
struct LayeredAnswer {
  const Frame& frame;
  const FrameMap& answer;
  const CloseUps& close_ups;
};

/// Where to look closer after a click that reaches `radius` image pixels; none: `frame` shows it about as finely.
[[nodiscard]] std::optional<Frame> close_up_frame(const Frame& frame, const Click& click, double radius,
                                                  const InputSettings& settings);

/// A click is about its surroundings: parts of `answer` [grid of `frame`] that lie on another side than `before`, but
/// do not come within `radius` frame pixels of it, become those of `before` again.
void take_back_elsewhere(FrameMap& answer, const FrameMap& before, const Frame& frame, const FrameClick& click,
                         double radius);

/// The one on top at the click; null: none holds it.
[[nodiscard]] const CloseUp* newest_at(const Click& click, const CloseUps& close_ups);

/// Whether it shows something else at the click's pixel than the click asks for.
[[nodiscard]] bool disagrees(const CloseUp& close_up, const Click& click);

/// How much of `close_up` is to be seen, 0 to 1, CV_32F on its grid: it fades towards its sides, and where the answer
/// of the object is another than it was.
[[nodiscard]] cv::Mat share_of(const CloseUp& close_up, const LayeredAnswer& of);

/// All together, logits on a grid of `frame`.
[[nodiscard]] FrameMap joined(const LayeredAnswer& answer, const Frame& frame);

/// With one more; those that it hides are left out, and the oldest where they become too many.
[[nodiscard]] CloseUps with_another(const CloseUps& close_ups, std::shared_ptr<const CloseUp> newest,
                                    cv::Size picture);

}  // namespace gbrs
