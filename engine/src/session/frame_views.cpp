// SPDX-License-Identifier: Apache-2.0
#include "session/frame_views.hpp"

#include <algorithm>
#include <chrono>

#include "session/network_answer.hpp"

namespace gbrs {

std::shared_ptr<const FrameView> FrameViews::find(const Frame& frame) const {
  const auto found = std::ranges::find(views_, frame, [](const auto& view) { return view->frame; });
  return found != views_.end() ? *found : nullptr;
}

Expected<std::shared_ptr<const FrameView>> FrameViews::find_or_encode(const Frame& frame, LoadedNetwork& network) {
  if (auto kept = find(frame)) return kept;
  const auto start = std::chrono::steady_clock::now();
  auto view = std::make_shared<FrameView>();
  view->frame = frame;
  const cv::Mat picture = picture_->resampled(frame.box, frame.width, frame.height);
  FramePixels pixels{.width = frame.width, .height = frame.height, .rgb = {}};
  pixels.rgb.assign(picture.datastart, picture.dataend);
  if (trimap_) pixels.trimap = resampled(*trimap_, frame.box, frame.width, frame.height);
  auto features = network.encode(pixels);
  if (!features) return std::unexpected(features.error());
  view->features = std::move(*features);
  view->guide = answer_guide(picture);
  view->encode_ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  if (views_.size() == kKept) views_.erase(views_.begin());
  views_.push_back(view);
  return view;
}

GuidedFilter FrameViews::guide(const Frame& frame) const {
  const auto view = find(frame);
  return view ? view->guide : answer_guide(picture_->resampled(frame.box, frame.width, frame.height));
}

}  // namespace gbrs
