// SPDX-License-Identifier: Apache-2.0
#pragma once

// Zoom-in of f-BRS and RITM as published (Sofiiuk et al., CVPR 2020, and 2021): from the second click on the network
// sees the part of the image that holds the object, at a size of its own.
//
//   zoom.look(clicks);                        // chooses the part from what was answered before and the clicks
//   run(zoom.crop(image), zoom.placed(clicks));
//   map = zoom.restored(probability);         // of the whole image, remembered for the next click
//
// Boxes, rounding and order follow the published code, so that its answers come out.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "baselines/map_size.hpp"
#include "layers/tensor.hpp"
#include "networks/network.hpp"

namespace gbrs {

struct ZoomInOptions {
  int skipped_clicks = 1;          ///< so many clicks see the whole image; below 0: it, too, gets the target size
  std::int64_t longer_side = 400;  ///< of the crop when it is resized
  /// To resize to instead, the proportions not kept.
  std::optional<MapSize> size = std::nullopt;
  double least_side = 200;  ///< of the box, image pixels
  double expansion = 1.4;
  double least_overlap = 0.5;  ///< of the box kept with the one wanted
};

/// Rows [top, bottom] and columns [left, right], ends included.
struct ZoomBox {
  std::int64_t top = 0, bottom = 0, left = 0, right = 0;
  [[nodiscard]] std::int64_t height() const { return bottom - top + 1; }
  [[nodiscard]] std::int64_t width() const { return right - left + 1; }
  [[nodiscard]] MapSize size() const { return {.height = height(), .width = width()}; }
  bool operator==(const ZoomBox&) const = default;
};

class ZoomIn {
 public:
  /// For one image of this size.
  ZoomIn(ZoomInOptions options, std::int64_t height, std::int64_t width);

  /// Whether another part than before is looked at from here on. `clicks`: all of the image's.
  bool look(std::span<const PromptClick> clicks);
  [[nodiscard]] const std::optional<ZoomBox>& box() const { return box_; }

  /// Of what the network is to see.
  [[nodiscard]] MapSize size() const;
  /// Maps of the image [1,C,H,W] -> of the part [1,C,h,w].
  [[nodiscard]] Tensor crop(const Tensor& map) const;
  /// Not rounded, and not always within the part.
  [[nodiscard]] std::vector<PromptClick> placed(std::span<const PromptClick> clicks) const;
  /// Probabilities of the part [1,1,h,w] -> of the image [1,1,H,W], 0 outside the part.
  Tensor restored(const Tensor& probability);

  /// What the next part is chosen from [1,1,H,W]; set by restored().
  void remember(Tensor probability) { probability_ = std::move(probability); }

 private:
  [[nodiscard]] std::optional<ZoomBox> wanted(std::span<const PromptClick> clicks) const;
  [[nodiscard]] ZoomBox expanded(const ZoomBox& box) const;

  ZoomInOptions options_;
  std::int64_t height_, width_;
  std::optional<ZoomBox> box_;  ///< kept also while the whole image is looked at
  bool is_looking_ = false;     ///< whether crop and placed go by the box
  Tensor probability_;
};

}  // namespace gbrs
