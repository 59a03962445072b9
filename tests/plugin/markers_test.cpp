// SPDX-License-Identifier: GPL-3.0-or-later
#include "markers.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace gbrs::plugin {
namespace {

ViewTransform view_of(int size, int canvas) {
  ViewTransform view(size, size);
  view.resize(canvas, canvas);
  return view;
}

TEST(Markers, AMarkerIsHitOnItsDiscOnly) {
  const std::vector<Marker> markers{{.image = {50, 50}}};
  const ViewTransform view = view_of(100, 100);
  EXPECT_EQ(marker_at(markers, view, {50, 50}, 1), 0U);
  EXPECT_EQ(marker_at(markers, view, {56, 50}, 1), 0U);
  EXPECT_FALSE(marker_at(markers, view, {58, 50}, 1));
}

TEST(Markers, TheNewestOfTwoIsOnTop) {
  const std::vector<Marker> markers{{.image = {50, 50}}, {.image = {52, 50}, .is_include = false}};
  EXPECT_EQ(marker_at(markers, view_of(100, 100), {51, 50}, 1), 1U);
}

TEST(Markers, TheHitDiscHasTheSameSizeOnScreenAtEveryZoom) {
  const std::vector<Marker> markers{{.image = {50, 50}}};
  ViewTransform view = view_of(100, 100);
  view.zoom(8, {50, 50});
  const Point place = view.to_canvas({50, 50});
  EXPECT_TRUE(marker_at(markers, view, {place.x + 6, place.y}, 1));
  EXPECT_FALSE(marker_at(markers, view, {place.x + 8, place.y}, 1));
}

TEST(Markers, TheHitDiscGrowsWithThePixelRatio) {
  const std::vector<Marker> markers{{.image = {50, 50}}};
  EXPECT_TRUE(marker_at(markers, view_of(100, 100), {62, 50}, 2));
}

// The picture of one marker on black, 41 x 41, native words.
std::vector<std::uint32_t> drawn(Marker marker) {
  constexpr int kSize = 41;
  std::vector<std::uint32_t> pixels(kSize * kSize, 0);
  cairo_surface_t* const surface = cairo_image_surface_create_for_data(
      reinterpret_cast<unsigned char*>(pixels.data()), CAIRO_FORMAT_ARGB32, kSize, kSize, kSize * 4);
  cairo_t* const context = cairo_create(surface);
  marker.image = {20.5, 20.5};
  draw_markers(context, std::vector{marker}, view_of(kSize, kSize), 1);
  cairo_destroy(context);
  cairo_surface_flush(surface);
  cairo_surface_destroy(surface);
  return pixels;
}

TEST(Markers, IncludeAndExcludeDifferInShapeNotOnlyInColour) {
  const auto include = drawn({.image = {}});
  const auto exclude = drawn({.image = {}, .is_include = false});
  int shape = 0;
  for (std::size_t i = 0; i < include.size(); ++i) shape += (include[i] >> 24 > 127) != (exclude[i] >> 24 > 127);
  EXPECT_GT(shape, 20);
}

TEST(Markers, AnUnsatisfiedClickHasARing) {
  const auto satisfied = drawn({.image = {}});
  const auto unsatisfied = drawn({.image = {}, .is_include = true, .is_satisfied = false});
  constexpr int kOnRing = 20 * 41 + 20 - 11;
  EXPECT_EQ(satisfied[kOnRing], 0U);
  EXPECT_NE(unsatisfied[kOnRing], 0U);
}

}  // namespace
}  // namespace gbrs::plugin
