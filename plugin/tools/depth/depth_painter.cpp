// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/depth/depth_painter.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace gbrs::plugin {
namespace {

constexpr double kOpacity = 0.8;  // of colours: what is clicked on is to be seen
constexpr int kMostContours = 12;
constexpr std::size_t kShades = 256;

// From yellow by red to blue, ever darker.
constexpr std::array<Colour, 6> kStops{{{0.98, 0.92, 0.30},
                                        {0.98, 0.65, 0.20},
                                        {0.91, 0.38, 0.28},
                                        {0.71, 0.18, 0.47},
                                        {0.42, 0.08, 0.62},
                                        {0.10, 0.08, 0.52}}};

// Of lines, which are to be seen on dark ground.
Colour lighter(const Colour& colour) {
  constexpr double kWhite = 0.35;
  return {std::lerp(colour.red, 1, kWhite), std::lerp(colour.green, 1, kWhite), std::lerp(colour.blue, 1, kWhite)};
}

template <class Shade>
std::array<std::uint32_t, kShades> table_of(Shade&& shade) {
  std::array<std::uint32_t, kShades> table{};
  for (std::size_t i = 0; i < kShades; ++i) table[i] = shade(static_cast<double>(i) / (kShades - 1));
  return table;
}

}  // namespace

Colour depth_colour(double farness) {
  const double place = std::clamp(farness, 0.0, 1.0) * (kStops.size() - 1);
  const auto first = std::min(static_cast<std::size_t>(place), kStops.size() - 2);
  const double share = place - static_cast<double>(first);
  const Colour& a = kStops[first];
  const Colour& b = kStops[first + 1];
  return {std::lerp(a.red, b.red, share), std::lerp(a.green, b.green, share), std::lerp(a.blue, b.blue, share)};
}

double contour_step(double range, int most) {
  if (!(range > 0)) return 0;
  const double least = range / most;
  const double power = std::pow(10, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= least) return factor * power;
  }
  return 10 * power;
}

Expected<std::vector<OutlinePixel>> DepthPainter::paint(const Answer& answer, Rectangle part, double scale,
                                                        PixelRows pixels) const {
  auto depth = answer.render(part, scale);
  if (!depth) return std::unexpected(depth.error());
  if (view_ == DepthView::contours) {
    paint_contours(*depth, pixels);
  } else {
    paint_values(*depth, pixels);
  }
  return {};
}

void DepthPainter::paint_values(const Map& depth, PixelRows pixels) const {
  DepthScale scale = scale_;
  if (view_ == DepthView::colours) scale.is_near_white = false;  // the number is the farness then
  const auto table = view_ == DepthView::colours
                         ? table_of([](double farness) { return argb(depth_colour(farness), kOpacity); })
                         : table_of([](double grey) {
                             return argb(Colour{grey, grey, grey}, 1);
                           });
  const Map shades = grey_of(depth, scale);
  for (int y = 0; y < shades.height; ++y) {
    for (int x = 0; x < shades.width; ++x) pixels.row(y)[x] = table[to_u8(shades.at(x, y))];
  }
}

// A line's farther side is coloured, its nearer side black: it is to be seen on any picture.
void DepthPainter::paint_contours(const Map& depth, PixelRows pixels) const {
  const double range = scale_.far - scale_.near;
  const double step = contour_step(range, kMostContours);
  const auto level = [&](int x, int y) { return step > 0 ? std::floor(depth.at(x, y) / step) : 0; };
  for (int y = 0; y < depth.height; ++y) {
    for (int x = 0; x < depth.width; ++x) {
      const double here = level(x, y);
      double most = here;
      double least = here;
      for (const auto& [dx, dy] : {std::pair{-1, 0}, {1, 0}, {0, -1}, {0, 1}}) {
        if (x + dx < 0 || y + dy < 0 || x + dx >= depth.width || y + dy >= depth.height) continue;
        most = std::max(most, level(x + dx, y + dy));
        least = std::min(least, level(x + dx, y + dy));
      }
      std::uint32_t& pixel = pixels.row(y)[x];
      if (least < here) {
        pixel = argb(lighter(depth_colour((here * step - scale_.near) / range)), 1);
      } else {
        pixel = most > here ? argb(Colour{}, kOpacity) : 0;
      }
    }
  }
}

}  // namespace gbrs::plugin
