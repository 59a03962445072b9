// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/depth/focus_painter.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace gbrs::plugin {
namespace {

constexpr double kMostBlur = 0.02;      // standard deviation as a share of the picture's diagonal
constexpr double kNearestShare = 0.02;  // of the farthest: what is nearer counts as that near, or it alone would count

constexpr std::size_t kSteps = 1024;  // of a table of blurs
constexpr std::uint32_t kWhole = 256;

/// Between which two levels a blur lies.
struct Between {
  std::uint32_t first = 0;
  std::uint32_t weight = 0;  ///< of the second, of kWhole
};

std::array<Between, kSteps + 1> table_of_blurs() {
  std::array<Between, kSteps + 1> table{};
  for (std::size_t i = 0; i <= kSteps; ++i) {
    const double blur = static_cast<double>(i) / kSteps;
    std::uint32_t first = 0;
    while (first + 2 < kBlurLevels && kBlurShares[first + 1] <= blur) ++first;
    const double share = (blur - kBlurShares[first]) / (kBlurShares[first + 1] - kBlurShares[first]);
    table[i] = {first, static_cast<std::uint32_t>(std::lround(share * kWhole))};
  }
  return table;
}

// Two bytes at once.
std::uint32_t mixed(std::uint32_t a, std::uint32_t b, std::uint32_t weight) {
  constexpr std::uint32_t kOdd = 0x00FF00FF;
  const std::uint32_t low = ((a & kOdd) * (kWhole - weight) + (b & kOdd) * weight) >> 8;
  const std::uint32_t high = ((a >> 8) & kOdd) * (kWhole - weight) + ((b >> 8) & kOdd) * weight;
  return (low & kOdd) | (high & ~kOdd);
}

/// blur_at() for many depths.
class Lens {
 public:
  Lens(const Focus& focus, const DepthScale& range)
      : nearest_(kNearestShare * range.far),
        focus_(inverse(focus.depth)),
        widest_(inverse(range.near) - inverse(range.far)) {}
  [[nodiscard]] double blur(double depth) const {
    // in a map of one depth all is as far away as the focus
    return widest_ > 0 ? std::min(std::abs(inverse(depth) - focus_) / widest_, 1.0) : 0;
  }

 private:
  [[nodiscard]] double inverse(double depth) const { return 1 / std::max(depth, nearest_); }

  double nearest_;
  double focus_;
  double widest_;
};

}  // namespace

double blur_at(double depth, const Focus& focus, const DepthScale& range) { return Lens(focus, range).blur(depth); }

void paint_focus(const Map& depth, const BlurLevels::Levels& levels, const Focus& focus, const DepthScale& range,
                 PixelRows pixels) {
  static const std::array<Between, kSteps + 1> table = table_of_blurs();
  const Lens lens(focus, range);
  for (int y = 0; y < depth.height; ++y) {
    const auto first = static_cast<std::size_t>(y) * static_cast<std::size_t>(depth.width);
    std::uint32_t* const row = pixels.row(y);
    for (int x = 0; x < depth.width; ++x) {
      const std::size_t i = first + static_cast<std::size_t>(x);
      const Between& between = table[static_cast<std::size_t>(lens.blur(depth.values[i]) * kSteps)];
      row[x] = mixed(levels[between.first][i], levels[between.first + 1][i], between.weight) | 0xFF000000;
    }
  }
}

Expected<std::vector<OutlinePixel>> FocusPainter::paint(const Answer& answer, Rectangle part, double scale,
                                                        PixelRows pixels) const {
  if (part.width <= 0 || part.height <= 0) return {};
  const auto depth = answer.render(part, scale);
  if (!depth) return std::unexpected(depth.error());
  paint_focus(*depth, *levels_->of(part, scale, kMostBlur * focus_.strength * diagonal_ * scale), focus_, range_,
              pixels);
  return {};
}

}  // namespace gbrs::plugin
