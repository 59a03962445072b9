// SPDX-License-Identifier: Apache-2.0
#pragma once

// One step of a history on one network: from what crossed the border (refine/backend.hpp) to tensors, conditioning,
// the refinement loop, and back.

#include <memory>

#include "gbrs/task.hpp"
#include "networks/network.hpp"
#include "refine/backend.hpp"

namespace gbrs {

/// Features of one frame, with the frame's size.
struct FrameFeatures final : Features {
  std::unique_ptr<Encoded> encoded;
  /// The same of the mirror image; null: no step asked for it yet. Steps are one call at a time.
  mutable std::unique_ptr<Encoded> mirrored;
  Tensor pixels;  ///< [H,W,C] uint8, as the network got them
  int width = 0;
  int height = 0;
};

/// Throws std::invalid_argument where the input does not fit its frame, std::domain_error where the network's own
/// answer is not finite, torch's errors.
StepOutput run_step(const Network& network, Task task, const RefinementSettings& settings, at::Device device,
                    const StepInput& input);

}  // namespace gbrs
