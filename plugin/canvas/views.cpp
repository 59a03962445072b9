// SPDX-License-Identifier: GPL-3.0-or-later
#include "canvas/views.hpp"

#include <array>

namespace gbrs::plugin {
namespace {

constexpr double kOpacity = 0.35;
// The opposite of the object's colour, for what would be.
constexpr Colour kWould{1.00, 0.70, 0.05};
constexpr double kLightness = 0.2;
constexpr float kThreshold = 0.5F;
constexpr int kDash = kOutlinePhases / 2;

constexpr std::uint32_t kBlack = argb(255, 0, 0, 0);
constexpr std::uint32_t kWhite = argb(255, 255, 255, 255);

constexpr std::uint32_t tinted(double alpha) { return argb(kObjectColour, alpha); }

bool is_inside(const Map& map, int x, int y) { return map.at(x, y) >= kThreshold; }

// Whether a neighbour in the rendered part lies on the other side of the outline.
bool is_border(const Map& map, int x, int y) {
  const bool inside = is_inside(map, x, y);
  const auto differs = [&](int u, int v) {
    return u >= 0 && v >= 0 && u < map.width && v < map.height && is_inside(map, u, v) != inside;
  };
  return differs(x - 1, y) || differs(x + 1, y) || differs(x, y - 1) || differs(x, y + 1);
}

// A grey of this opacity.
constexpr std::uint32_t grey(std::uint32_t value, std::uint32_t alpha) {
  const std::uint32_t shade = (value * alpha + 127) / 255;
  return argb(alpha, shade, shade, shade);
}

template <class Paint>
void paint(const Map& map, std::uint32_t* pixels, std::ptrdiff_t stride, Paint&& paint_pixel) {
  for (int y = 0; y < map.height; ++y) {
    std::uint32_t* const row = pixels + y * stride;
    for (int x = 0; x < map.width; ++x) row[x] = paint_pixel(x, y, to_u8(map.at(x, y)));
  }
}

}  // namespace

void paint_view(View view, const Map& map, int left, int top, std::uint32_t* pixels, std::ptrdiff_t stride) {
  switch (view) {
    case View::tint: {
      std::array<std::uint32_t, 256> table;
      for (std::size_t i = 0; i < table.size(); ++i) table[i] = tinted(kOpacity * static_cast<double>(i) / 255.0);
      paint(map, pixels, stride, [&](int x, int y, std::uint8_t coverage) {
        return is_inside(map, x, y) && is_border(map, x, y) ? tinted(1) : table[coverage];
      });
      break;
    }
    case View::preview:
      paint(map, pixels, stride, [&](int x, int y, std::uint8_t coverage) {
        if (is_border(map, x, y)) return is_inside(map, x, y) ? argb(kWould, 1) : kBlack;
        return argb(kWould, kLightness * coverage / 255.0);
      });
      break;
    case View::outline:
      paint(map, pixels, stride, [](int, int, std::uint8_t) { return 0U; });
      paint_outline(outline_of(map), left, top, 0, pixels, stride);
      break;
    case View::black:
      paint(map, pixels, stride, [](int, int, std::uint8_t coverage) { return grey(0, 255U - coverage); });
      break;
    case View::white:
      paint(map, pixels, stride, [](int, int, std::uint8_t coverage) { return grey(255, 255U - coverage); });
      break;
    case View::mask:
      paint(map, pixels, stride, [](int, int, std::uint8_t coverage) { return grey(coverage, 255); });
      break;
    case View::checks:
      paint(map, pixels, stride, [&](int x, int y, std::uint8_t coverage) {
        return grey(is_dark_check(left + x, top + y) ? kDarkCheck : kBrightCheck, 255U - coverage);
      });
      break;
  }
}

std::vector<OutlinePixel> outline_of(const Map& coverage) {
  std::vector<OutlinePixel> outline;
  for (int y = 0; y < coverage.height; ++y) {
    for (int x = 0; x < coverage.width; ++x) {
      if (is_border(coverage, x, y)) outline.push_back({x, y, is_inside(coverage, x, y)});
    }
  }
  return outline;
}

void paint_outline(std::span<const OutlinePixel> outline, int left, int top, int phase, std::uint32_t* pixels,
                   std::ptrdiff_t stride) {
  // a dash has mostly its opposite beside it across the border, and before and behind it along the border
  for (const OutlinePixel& pixel : outline) {
    const bool is_odd = (left + pixel.x + top + pixel.y + kOutlinePhases - phase) / kDash % 2 == 1;
    pixels[pixel.y * stride + pixel.x] = pixel.is_inside == is_odd ? kWhite : kBlack;
  }
}

}  // namespace gbrs::plugin
