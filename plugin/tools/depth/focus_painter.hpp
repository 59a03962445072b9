// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "canvas/painter.hpp"
#include "tools/depth/blur_levels.hpp"
#include "tools/depth/depth_grey.hpp"

namespace gbrs::plugin {

struct Focus {
  double depth = 0;     ///< what is so far away is sharp
  double strength = 0;  ///< 0..1: how wide the lens is open
  bool operator==(const Focus&) const = default;
};

/// How blurred a lens with this focus shows what is at a depth, as a share of the greatest blur: as the difference of
/// the inverse depths, 1 where it is that of the range's ends. `range` has one.
[[nodiscard]] double blur_at(double depth, const Focus& focus, const DepthScale& range);

/// Mixes the levels for a map of depths; all of them have one size.
void paint_focus(const Map& depth, const BlurLevels::Levels& levels, const Focus& focus, const DepthScale& range,
                 PixelRows pixels);

/// The picture as a lens would show it. The levels are those of the picture that the answers are of, and shared by all
/// painters of it: another focus costs some 20 ms a megapixel.
class FocusPainter final : public Painter {
 public:
  /// `diagonal`: of the picture, in its pixels.
  FocusPainter(std::shared_ptr<BlurLevels> levels, double diagonal, const Focus& focus, const DepthScale& range)
      : levels_(std::move(levels)), diagonal_(diagonal), focus_(focus), range_(range) {}

  Expected<std::vector<OutlinePixel>> paint(const Answer& answer, Rectangle part, double scale,
                                            PixelRows pixels) const override;
  [[nodiscard]] bool enlarges() const override { return false; }

 private:
  std::shared_ptr<BlurLevels> levels_;
  double diagonal_;
  Focus focus_;
  DepthScale range_;
};

}  // namespace gbrs::plugin
