// SPDX-License-Identifier: Apache-2.0
#pragma once

// Between a network's answer on its own grid and what is rendered from it.

#include <opencv2/core.hpp>
#include <vector>

#include "imaging/guided_upsampling.hpp"
#include "session/rendering.hpp"

namespace gbrs {

/// Prepares `data` (all of it but models, classes and corrections filled in) for rendering `answer` [grid of the
/// frame], and corrects what the clicks do not find obeyed. `guide`: answer_guide of the frame; `obeyed`: see
/// add_corrections.
void set_answer(Answer::Data& data, const FrameMap& answer, const GuidedFilter& guide,
                const std::vector<bool>& obeyed = {});

/// segment: the coverage that the logits of a frame become. `guide`: answer_guide of the frame.
[[nodiscard]] GuidedModel coverage_model(const FrameMap& logits, const GuidedFilter& guide);

/// What answers in a frame are guided by. `frame_picture`: CV_8UC3, the picture at the frame's size.
[[nodiscard]] GuidedFilter answer_guide(const cv::Mat& frame_picture);

/// The answer to start from for a coverage map of the picture's size: logits of +-4, softened over two
/// frame pixels (method.md, Start).
FrameMap start_logits(const Map& coverage, const Frame& frame);

/// A map of the picture's size at the frame's.
FrameMap start_values(const Map& map, const Frame& frame);

}  // namespace gbrs
