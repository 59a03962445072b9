// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/adjustments.hpp"
#include "canvas/painter.hpp"
#include "canvas/views.hpp"

namespace gbrs::plugin {

/// An object, its edge adjusted, in one of the views. Adjusted answers are not rendered larger than the image: their
/// pixels are the ones that Apply writes, and what an adjustment costs does not grow with the zoom.
class SegmentPainter final : public Painter {
 public:
  explicit SegmentPainter(View view, const Adjustments& adjustments = {}) : view_(view), adjustments_(adjustments) {}

  Expected<std::vector<OutlinePixel>> paint(const Answer& answer, Rectangle part, double scale,
                                            PixelRows pixels) const override {
    const auto map = render_adjusted(answer, part, scale, adjustments_);
    if (!map) return std::unexpected(map.error());
    paint_view(view_, *map, part.x, part.y, pixels.words, pixels.stride);
    return view_ == View::outline ? outline_of(*map) : std::vector<OutlinePixel>{};
  }
  [[nodiscard]] bool enlarges() const override { return adjustments_.is_neutral(); }

 private:
  View view_;
  Adjustments adjustments_;
};

}  // namespace gbrs::plugin
