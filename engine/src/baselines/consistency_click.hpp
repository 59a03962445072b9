// SPDX-License-Identifier: Apache-2.0
#pragma once

// One click's refinement of a network's input, RGB-BRS or DistMap-BRS, by the loss of G-BRS instead of BRS's:
// L_r + L_c (objectives/segment.hpp) by Adam, with which the paper compares the two.
//
// The loss is on the average of image and mirror image, at the frame's size. A click outside the frame, which zoom-in
// may leave there, asks for nothing and frees nothing.

#include <span>
#include <vector>

#include "baselines/brs_click.hpp"

namespace gbrs {

/// `clicks`: all of them in the frame's pixels, the newest last. One without radius reaches as far as auto_radius()
/// says (objectives/attention.hpp). `before`: whether a pixel was in the object [h,w]; undefined: none was. Begins at
/// the values of `layer` and leaves its own there. Logits [1,1,h,w], without gradient; where a loss or a value is not
/// finite, those of the values before, which then stay.
[[nodiscard]] Tensor refined_with_consistency(const BrsFrame& frame, Insertions& layer,
                                              std::span<const PromptClick> clicks, const Tensor& before,
                                              const ConsistencyOptions& options);

}  // namespace gbrs
