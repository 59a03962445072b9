// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <vector>

#include "base/colour.hpp"
#include "canvas/painter.hpp"
#include "tools/depth/depth_grey.hpp"

namespace gbrs::plugin {

enum class DepthView {
  colours,   ///< warm near, cool far; the picture shines through
  grey,      ///< as the layer that Apply makes
  contours,  ///< lines of equal depth over the picture
  focus,     ///< the picture as a lens would show it: FocusPainter
  picture,   ///< nothing
};
inline constexpr int kDepthViews = 5;

/// The colour for a share of the way from the nearest to the farthest, 0..1.
[[nodiscard]] Colour depth_colour(double farness);

/// The step between contours, and between a legend's numbers: 1, 2 or 5 of some power of ten, so that there are at most
/// `most` in the range. 0: the range has no width.
[[nodiscard]] double contour_step(double range, int most);

/// A depth map over the picture. `scale` has a range: far beyond near.
class DepthPainter final : public Painter {
 public:
  DepthPainter(DepthView view, const DepthScale& scale) : view_(view), scale_(scale) {}

  Expected<std::vector<OutlinePixel>> paint(const Answer& answer, Rectangle part, double scale,
                                            PixelRows pixels) const override;

 private:
  void paint_values(const Map& depth, PixelRows pixels) const;
  void paint_contours(const Map& depth, PixelRows pixels) const;

  DepthView view_;
  DepthScale scale_;
};

}  // namespace gbrs::plugin
