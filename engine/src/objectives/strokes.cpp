// SPDX-License-Identifier: Apache-2.0
#include "objectives/strokes.hpp"

#include <ATen/ops/full.h>

#include <algorithm>
#include <cmath>

#include "objectives/attention.hpp"

namespace gbrs {
namespace {

using Place = std::pair<double, double>;

double squared_distance_to_segment(double x, double y, const Place& from, const Place& to) {
  const double along_x = to.first - from.first;
  const double along_y = to.second - from.second;
  const double length = along_x * along_x + along_y * along_y;
  const double part =
      length > 0 ? std::clamp(((x - from.first) * along_x + (y - from.second) * along_y) / length, 0.0, 1.0) : 0.0;
  const double dx = x - from.first - part * along_x;
  const double dy = y - from.second - part * along_y;
  return dx * dx + dy * dy;
}

class Canvas {
 public:
  Canvas(std::int64_t height, std::int64_t width)
      : height_(height),
        width_(width),
        labels_(at::full({height, width}, kUnpainted, at::TensorOptions().dtype(at::kLong))) {}

  void paint(const GridStroke& stroke) {
    for (std::size_t i = 0; i < stroke.path.size(); ++i) {
      const auto [u, v] = stroke.path[i];
      set(std::clamp<std::int64_t>(std::llround(u), 0, width_ - 1),
          std::clamp<std::int64_t>(std::llround(v), 0, height_ - 1), stroke.label);
      paint_segment(stroke.path[i], stroke.path[std::min(i + 1, stroke.path.size() - 1)], stroke);
    }
  }
  [[nodiscard]] Tensor labels() const { return labels_; }

 private:
  void paint_segment(const Place& from, const Place& to, const GridStroke& stroke) {
    const double reach = stroke.radius + kDiscMargin;
    const auto first = [&](double a, double b) {
      return std::max<std::int64_t>(0, static_cast<std::int64_t>(std::ceil(std::min(a, b) - reach)));
    };
    const auto last = [&](double a, double b, std::int64_t size) {
      return std::min(size - 1, static_cast<std::int64_t>(std::floor(std::max(a, b) + reach)));
    };
    for (std::int64_t y = first(from.second, to.second); y <= last(from.second, to.second, height_); ++y)
      for (std::int64_t x = first(from.first, to.first); x <= last(from.first, to.first, width_); ++x)
        if (squared_distance_to_segment(static_cast<double>(x), static_cast<double>(y), from, to) <= reach * reach)
          set(x, y, stroke.label);
  }
  void set(std::int64_t x, std::int64_t y, std::int64_t label) {
    labels_.data_ptr<std::int64_t>()[y * width_ + x] = label;
  }

  std::int64_t height_;
  std::int64_t width_;
  Tensor labels_;
};

}  // namespace

Tensor paint_strokes(std::span<const GridStroke> strokes, std::int64_t height, std::int64_t width) {
  Canvas canvas(height, width);
  for (const GridStroke& stroke : strokes) canvas.paint(stroke);
  return canvas.labels();
}

}  // namespace gbrs
