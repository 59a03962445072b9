// SPDX-License-Identifier: GPL-3.0-or-later
#include "canvas/picture.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "canvas/views.hpp"

namespace gbrs::plugin {
namespace {

// Levels below this size are not worth their code.
constexpr int kSmallestLevel = 64;

struct DestroySurface {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
using Surface = std::unique_ptr<cairo_surface_t, DestroySurface>;

std::uint32_t premultiplied(const std::uint8_t* rgba) {
  const std::uint32_t alpha = rgba[3];
  const auto scaled = [alpha](std::uint32_t value) { return (value * alpha + 127) / 255; };
  return alpha << 24 | scaled(rgba[0]) << 16 | scaled(rgba[1]) << 8 | scaled(rgba[2]);
}

// The mean of four pixels, byte by byte.
std::uint32_t mean(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  constexpr std::uint32_t kOdd = 0x00FF00FF;
  const std::uint32_t low = (a & kOdd) + (b & kOdd) + (c & kOdd) + (d & kOdd) + 0x00020002;
  const std::uint32_t high =
      ((a >> 8) & kOdd) + ((b >> 8) & kOdd) + ((c >> 8) & kOdd) + ((d >> 8) & kOdd) + 0x00020002;
  return ((low >> 2) & kOdd) | (((high >> 2) & kOdd) << 8);
}

// The checkerboard behind the visible part. It goes with the picture, so that the board of View::checks goes on
// where this one ends.
void draw_checks(cairo_t* context, const Rectangle& part) {
  const Surface board{cairo_image_surface_create(CAIRO_FORMAT_RGB24, part.width, part.height)};
  if (cairo_surface_status(board.get()) != CAIRO_STATUS_SUCCESS) return;
  unsigned char* const bytes = cairo_image_surface_get_data(board.get());
  const std::ptrdiff_t stride = cairo_image_surface_get_stride(board.get());
  for (int y = 0; y < part.height; ++y) {
    for (int x = 0; x < part.width; ++x) {
      const int shade = is_dark_check(part.x + x, part.y + y) ? kDarkCheck : kBrightCheck;
      std::fill_n(bytes + y * stride + std::ptrdiff_t{4} * x, 4, static_cast<unsigned char>(shade));
    }
  }
  cairo_surface_mark_dirty(board.get());
  cairo_set_source_surface(context, board.get(), part.x, part.y);
  cairo_paint(context);
}

}  // namespace

Picture::Picture(Pixels pixels) : is_opaque_(pixels.is_opaque) {
  levels_.push_back(first_level(pixels));
  pixels.rgba = {};
  while (std::max(levels_.back().width, levels_.back().height) > kSmallestLevel) {
    levels_.push_back(halved(levels_.back()));
  }
}

Picture::Level Picture::first_level(const Pixels& pixels) {
  Level level{pixels.width, pixels.height, {}};
  level.argb.resize(pixels.rgba.size() / 4);
  for (std::size_t i = 0; i < level.argb.size(); ++i) level.argb[i] = premultiplied(pixels.rgba.data() + 4 * i);
  return level;
}

Picture::Level Picture::halved(const Level& level) {
  Level half{(level.width + 1) / 2, (level.height + 1) / 2, {}};
  half.argb.resize(static_cast<std::size_t>(half.width) * static_cast<std::size_t>(half.height));
  for (int y = 0; y < half.height; ++y) {
    const std::uint32_t* const upper = level.argb.data() + static_cast<std::ptrdiff_t>(2 * y) * level.width;
    const std::uint32_t* const lower = 2 * y + 1 < level.height ? upper + level.width : upper;
    std::uint32_t* const out = half.argb.data() + static_cast<std::ptrdiff_t>(y) * half.width;
    for (int x = 0; x < level.width / 2; ++x) {
      out[x] = mean(upper[2 * x], upper[2 * x + 1], lower[2 * x], lower[2 * x + 1]);
    }
    if (level.width % 2 == 1) {
      const int last = level.width - 1;
      out[half.width - 1] = mean(upper[last], upper[last], lower[last], lower[last]);
    }
  }
  return half;
}

std::size_t Picture::level_for(double scale) const {
  std::size_t level = 0;
  while (level + 1 < levels_.size() && scale * static_cast<double>(1 << (level + 1)) <= 1.0) ++level;
  return level;
}

void Picture::draw(cairo_t* context, const ViewTransform& view) const {
  cairo_save(context);
  cairo_translate(context, -view.origin_x(), -view.origin_y());
  draw_part(context, view.visible(), view.scale());
  cairo_restore(context);
}

void Picture::paint(Rectangle part, double scale, PixelRows pixels) const {
  const Surface surface{cairo_image_surface_create_for_data(
      reinterpret_cast<unsigned char*>(pixels.words), CAIRO_FORMAT_RGB24, part.width, part.height,
      static_cast<int>(pixels.stride * static_cast<std::ptrdiff_t>(sizeof(std::uint32_t))))};
  cairo_t* const context = cairo_create(surface.get());
  cairo_translate(context, -part.x, -part.y);
  draw_part(context, part, scale);
  cairo_destroy(context);
  cairo_surface_flush(surface.get());
}

// In the coordinates of the scaled picture.
void Picture::draw_part(cairo_t* context, const Rectangle& part, double view_scale) const {
  if (part.width <= 0 || part.height <= 0) return;
  if (!is_opaque_) draw_checks(context, part);
  const std::size_t index = level_for(view_scale);
  const Level& level = levels_[index];
  const double scale = view_scale * static_cast<double>(1 << index);  // device pixels per pixel of the level

  // the part of the level under the canvas, with a pixel more for the interpolation at its edges
  const int left = std::max(0, static_cast<int>(std::floor(part.x / scale)) - 1);
  const int top = std::max(0, static_cast<int>(std::floor(part.y / scale)) - 1);
  const int right = std::min(level.width, static_cast<int>(std::ceil((part.x + part.width) / scale)) + 1);
  const int bottom = std::min(level.height, static_cast<int>(std::ceil((part.y + part.height) / scale)) + 1);
  if (left >= right || top >= bottom) return;
  // cairo takes no const pointer, and only reads here
  auto* const start = const_cast<std::uint32_t*>(level.argb.data()) +
                      static_cast<std::ptrdiff_t>(top) * level.width + left;
  const Surface surface{cairo_image_surface_create_for_data(
      reinterpret_cast<unsigned char*>(start), is_opaque_ ? CAIRO_FORMAT_RGB24 : CAIRO_FORMAT_ARGB32, right - left,
      bottom - top, level.width * 4)};
  cairo_save(context);
  cairo_rectangle(context, part.x, part.y, part.width, part.height);
  cairo_clip(context);
  cairo_scale(context, scale, scale);
  cairo_set_source_surface(context, surface.get(), left, top);
  cairo_pattern_set_filter(cairo_get_source(context),
                           view_scale >= kPixelsVisibleScale ? CAIRO_FILTER_NEAREST : CAIRO_FILTER_BILINEAR);
  // the outermost half pixel is not to fade into the background
  cairo_pattern_set_extend(cairo_get_source(context), CAIRO_EXTEND_PAD);
  cairo_paint(context);
  cairo_restore(context);
}

}  // namespace gbrs::plugin
