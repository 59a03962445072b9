// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/matte/trimap_painter.hpp"

#include <algorithm>
#include <cstdint>

#include "base/colour.hpp"
#include "canvas/painted.hpp"

namespace gbrs::plugin {
namespace {

std::uint32_t shade_of(Known known) {
  constexpr std::uint32_t kObject = argb(kObjectColour, 0.45);
  constexpr std::uint32_t kBackground = argb(Colour{}, 0.65);
  switch (known) {
    case Known::keep:
      return kObject;
    case Known::drop:
      return kBackground;
    case Known::unknown:
      break;
  }
  return 0;
}

}  // namespace

Expected<std::vector<OutlinePixel>> TrimapPainter::paint(const Answer&, Rectangle part, double scale,
                                                         PixelRows pixels) const {
  const auto at = [scale](int place, int size) {
    return std::clamp(static_cast<int>((place + 0.5) / scale), 0, size - 1);
  };
  for (int y = 0; y < part.height; ++y) {
    const int row = at(part.y + y, trimap_->height);
    for (int x = 0; x < part.width; ++x) {
      pixels.row(y)[x] = shade_of(known_at(*trimap_, at(part.x + x, trimap_->width), row));
    }
  }
  return {};
}

}  // namespace gbrs::plugin
