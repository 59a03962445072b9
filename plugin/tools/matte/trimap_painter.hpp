// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <utility>

#include "canvas/painter.hpp"
#include "gbrs/trimap.hpp"

namespace gbrs::plugin {

/// A trimap over the picture: what is known of the object in the tint's colour, what is known of the background dark,
/// what is unknown as it is.
class TrimapPainter final : public Painter {
 public:
  explicit TrimapPainter(std::shared_ptr<const Trimap> trimap) : trimap_(std::move(trimap)) {}

  Expected<std::vector<OutlinePixel>> paint(const Answer& answer, Rectangle part, double scale,
                                            PixelRows pixels) const override;

 private:
  std::shared_ptr<const Trimap> trimap_;
};

}  // namespace gbrs::plugin
