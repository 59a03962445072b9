// SPDX-License-Identifier: Apache-2.0
#include "bench_clicks.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace gbrs::cli {
namespace {

constexpr double kWidth = 900, kHeight = 675;  // that the disc was drawn for
constexpr double kReach = 0.15;                // radius of a click, as a share of the shorter side

/// Of the disc that the picture was drawn with: its middle, and how far its edge reaches inwards and outwards.
constexpr double kDiscX = 430, kDiscY = 350, kDisc = 180, kInside = 130, kOutside = 230;

/// From pixels of a picture to where they were drawn.
struct Drawing {
  int width, height;
  [[nodiscard]] double scale() const { return std::min(width / kWidth, height / kHeight); }
  [[nodiscard]] double x(double column) const { return (column - 0.5 * width) / scale() + 0.5 * kWidth; }
  [[nodiscard]] double y(double row) const { return (row - 0.5 * height) / scale() + 0.5 * kHeight; }
  [[nodiscard]] double column(double x) const { return (x - 0.5 * kWidth) * scale() + 0.5 * width; }
  [[nodiscard]] double row(double y) const { return (y - 0.5 * kHeight) * scale() + 0.5 * height; }
};

struct Spot {
  double x, y;
  bool is_object;
};
constexpr std::array<Spot, 10> kSpots{{{0.48, 0.52, true},
                                       {0.35, 0.45, true},
                                       {0.1, 0.1, false},
                                       {0.58, 0.6, true},
                                       {0.85, 0.5, false},
                                       {0.5, 0.35, true},
                                       {0.3, 0.85, false},
                                       {0.42, 0.7, true},
                                       {0.75, 0.15, false},
                                       {0.6, 0.45, true}}};

/// Something else than the `value` that the answer has, in turn.
double other_value(Task task, std::size_t index, double value, std::size_t classes) {
  switch (task) {
    case Task::semantic: {
      const std::size_t count = std::max<std::size_t>(classes, 2);
      return static_cast<double>((static_cast<std::size_t>(value) + 1 + index) % count);
    }
    case Task::matte:
      return value > 0.5 ? 0 : 1;
    default:
      return value * (index % 2 == 0 ? 1.25 : 0.8);
  }
}

}  // namespace

PictureFile built_in_picture(int width, int height) {
  PictureFile picture{.width = width, .height = height, .rgb = {}};
  const Drawing drawing{width, height};
  std::uint32_t noise = 1;
  for (int row = 0; row < height; ++row) {
    for (int column = 0; column < width; ++column) {
      noise = noise * 1664525U + 1013904223U;
      const int grain = static_cast<int>(noise >> 27);
      const double x = drawing.x(column), y = drawing.y(row);
      const bool is_object =
          std::hypot(x - kDiscX, y - kDiscY) < kDisc + 25 * std::sin(0.02 * x) + 15 * std::cos(0.05 * y);
      const int wave = static_cast<int>(20 * std::sin(0.11 * x + 0.07 * y));
      for (const int base : is_object ? std::array{200, 120, 50} : std::array{70, 95, 120})
        picture.rgb.push_back(static_cast<std::uint8_t>(base + wave + grain));
    }
  }
  return picture;
}

Trimap built_in_trimap(int width, int height) {
  Trimap trimap{width, height, {}};
  const Drawing drawing{width, height};
  for (int row = 0; row < height; ++row)
    for (int column = 0; column < width; ++column) {
      const double distance = std::hypot(drawing.x(column) - kDiscX, drawing.y(row) - kDiscY);
      trimap.codes.push_back(distance < kInside    ? Trimap::kForeground
                             : distance > kOutside ? Trimap::kBackground
                                                   : Trimap::kUnknown);
    }
  return trimap;
}

Expected<std::vector<Click>> bench_clicks(const Model& model, Session& session, PictureSize size) {
  const auto [width, height] = size;
  const bool is_segment = model.info().task == task_name(Task::segment);
  std::vector<Click> clicks;
  for (const Spot& spot : kSpots) {
    Click click{.x = spot.x * width, .y = spot.y * height, .target = spot.is_object ? kInclude : kExclude};
    if (is_segment && clicks.size() % 2 == 1) click.radius = kReach * std::min(width, height);
    clicks.push_back(click);
  }
  if (is_segment) return clicks;  // and the frame is encoded while the first one waits, as for somebody
  const auto first = session.wait();
  if (!first) return std::unexpected(first.error());
  for (std::size_t i = 0; i < clicks.size(); ++i) {
    Click& click = clicks[i];
    if (first->task() == Task::matte) {
      const double angle = 0.63 * static_cast<double>(i);
      const Drawing drawing{width, height};
      click.x = drawing.column(kDiscX + kDisc * std::cos(angle));
      click.y = drawing.row(kDiscY + kDisc * std::sin(angle));
    }
    const auto pixel =
        first->render({.x = static_cast<int>(click.x), .y = static_cast<int>(click.y), .width = 1, .height = 1});
    if (!pixel) return std::unexpected(pixel.error());
    click.target = other_value(first->task(), i, pixel->at(0, 0), model.info().classes.size());
  }
  return clicks;
}

}  // namespace gbrs::cli
