// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the worker keeps for drawing the close-ups that it showed last.

#include <memory>
#include <utility>
#include <vector>

#include "session/close_up.hpp"
#include "session/frame_views.hpp"
#include "session/rendering.hpp"

namespace gbrs {

class CloseUpModels {
 public:
  /// `views`: where the close-ups' frames may be known; outlives this.
  explicit CloseUpModels(const FrameViews& views) : views_(views) {}

  /// Those of the answer's close-ups; what is kept of others is let go.
  std::vector<CloseUpModel> of(const LayeredAnswer& answer);

 private:
  const FrameViews& views_;
  std::vector<std::pair<std::shared_ptr<const CloseUp>, GuidedModel>> known_;
};

}  // namespace gbrs
