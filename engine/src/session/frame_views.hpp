// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the worker keeps of the frames that it looked at last: their pixels and what the network made of them, so that
// going back to a frame (undo, a zoom that changes its mind) costs nothing.

#include <memory>
#include <vector>

#include "imaging/guided_upsampling.hpp"
#include "imaging/picture.hpp"
#include "imaging/trimap.hpp"
#include "refine/backend.hpp"
#include "session/frame.hpp"

namespace gbrs {

/// A frame as the network saw it.
struct FrameView {
  Frame frame;
  GuidedFilter guide;  ///< of answers
  std::shared_ptr<const Features> features;
  double encode_ms = 0;  ///< reducing the picture and encoding it
};

class FrameViews {
 public:
  /// `trimap`: what the network is told of the picture beside its colours; null: nothing.
  FrameViews(std::shared_ptr<const Picture> picture, std::shared_ptr<const Trimap> trimap)
      : picture_(std::move(picture)), trimap_(std::move(trimap)) {}

  /// The view of the frame if it is kept, else null.
  [[nodiscard]] std::shared_ptr<const FrameView> find(const Frame& frame) const;
  /// The same; a frame that is not kept is encoded, and its view kept. Errors: those of LoadedNetwork::encode.
  Expected<std::shared_ptr<const FrameView>> find_or_encode(const Frame& frame, LoadedNetwork& network);
  /// What answers in the frame are guided by, whether its view is kept or not.
  [[nodiscard]] GuidedFilter guide(const Frame& frame) const;

 private:
  static constexpr std::size_t kKept = 4;  // some 20 MB each, the same again for mirror images

  std::shared_ptr<const Picture> picture_;
  std::shared_ptr<const Trimap> trimap_;
  std::vector<std::shared_ptr<const FrameView>> views_;  // newest last
};

}  // namespace gbrs
