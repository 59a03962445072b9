// SPDX-License-Identifier: GPL-3.0-or-later
#include "canvas/markers.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <optional>
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

TEST(Markers, ABoxIsTakenAtItsCornerItsSidesAndNotWithin) {
  const std::vector<Marker> markers{{.image = {20, 20}, .box = Box{20, 20, 80, 60}}};
  const auto hit = [&](Point place) { return hit_marker(markers, {}, view_of(100, 100), place, 1); };
  EXPECT_EQ(hit({20, 20}).part, MarkerHit::Part::centre);
  EXPECT_EQ(hit({50, 40}).part, MarkerHit::Part::nothing);
  EXPECT_EQ(hit({90, 40}).part, MarkerHit::Part::nothing);
  EXPECT_EQ(hit({80, 90}).part, MarkerHit::Part::nothing) << "beyond the end of the side";
  const MarkerHit side = hit({82, 40});
  EXPECT_EQ(side.part, MarkerHit::Part::sides);
  EXPECT_TRUE(side.sides.right && !side.sides.left && !side.sides.top && !side.sides.bottom);
  const MarkerHit corner = hit({79, 61});
  EXPECT_TRUE(corner.sides.right && corner.sides.bottom && !corner.sides.left && !corner.sides.top);
  EXPECT_EQ(next_hovered(markers, std::nullopt, view_of(100, 100), {50, 61}, 1), 0U);
  EXPECT_FALSE(next_hovered(markers, 0, view_of(100, 100), {50, 40}, 1)) << "what lies in a box is not the box";
}

TEST(Markers, AStrokeHasNoRim) {
  const std::vector<Marker> markers{{.image = {50, 50}, .radius = 20, .stroke = {{40, 50}, {50, 50}, {60, 50}}}};
  EXPECT_EQ(hit_marker(markers, {.hovered = 0, .chosen = {}}, view_of(100, 100), {70, 50}, 1).part,
            MarkerHit::Part::nothing);
}

TEST(Markers, TheNewestOfTwoIsOnTop) {
  const std::vector<Marker> markers{{.image = {50, 50}}, {.image = {52, 50}, .look = kExcludeLook}};
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
std::vector<std::uint32_t> drawn(Marker marker, const MarkerFocus& focus = {}) {
  constexpr int kSize = 41;
  std::vector<std::uint32_t> pixels(kSize * kSize, 0);
  cairo_surface_t* const surface = cairo_image_surface_create_for_data(
      reinterpret_cast<unsigned char*>(pixels.data()), CAIRO_FORMAT_ARGB32, kSize, kSize, kSize * 4);
  cairo_t* const context = cairo_create(surface);
  marker.image = {20.5, 20.5};
  draw_markers(context, std::vector{marker}, focus, view_of(kSize, kSize), 1);
  cairo_destroy(context);
  cairo_surface_flush(surface);
  cairo_surface_destroy(surface);
  return pixels;
}

TEST(Markers, IncludeAndExcludeDifferInShapeNotOnlyInColour) {
  const auto include = drawn({.image = {}});
  const auto exclude = drawn({.image = {}, .look = kExcludeLook});
  int shape = 0;
  for (std::size_t i = 0; i < include.size(); ++i) shape += (include[i] >> 24 > 127) != (exclude[i] >> 24 > 127);
  EXPECT_GT(shape, 20);
}

TEST(Markers, AnUnsatisfiedClickHasARing) {
  const auto satisfied = drawn({.image = {}});
  const auto unsatisfied = drawn({.image = {}, .is_satisfied = false});
  constexpr int kOnRing = 20 * 41 + 20 - 11;
  EXPECT_EQ(satisfied[kOnRing], 0U);
  EXPECT_NE(unsatisfied[kOnRing], 0U);
}

TEST(Markers, OnlyTheFocussedOnesShowTheirRadius) {
  const Marker marker{.image = {}, .radius = 17, .is_radius_given = true};
  constexpr int kOnCircle = 20 * 41 + 20 - 17;
  EXPECT_EQ(drawn(marker)[kOnCircle], 0U);
  EXPECT_NE(drawn(marker, {.hovered = 0, .chosen = {}})[kOnCircle], 0U);
  EXPECT_NE(drawn(marker, {.hovered = {}, .chosen = 0})[kOnCircle], 0U);
}

// On a canvas of 200 x 200 with a picture of that size.
std::vector<std::uint32_t> drawn_large(const std::vector<Marker>& markers, const MarkerFocus& focus) {
  constexpr int kSize = 200;
  std::vector<std::uint32_t> pixels(kSize * kSize, 0);
  cairo_surface_t* const surface = cairo_image_surface_create_for_data(
      reinterpret_cast<unsigned char*>(pixels.data()), CAIRO_FORMAT_ARGB32, kSize, kSize, kSize * 4);
  cairo_t* const context = cairo_create(surface);
  draw_markers(context, markers, focus, view_of(kSize, kSize), 1);
  cairo_destroy(context);
  cairo_surface_flush(surface);
  cairo_surface_destroy(surface);
  return pixels;
}

TEST(Markers, ALabelLeavesNoLineToTheNextMarker) {
  const auto pixels = drawn_large({{.image = {20, 20}, .radius = 15}, {.image = {180, 180}, .radius = 15}},
                                  {.hovered = 0, .chosen = 1});
  for (int y = 80; y < 140; ++y) {
    for (int x = 0; x < 200; ++x) ASSERT_EQ(pixels[static_cast<std::size_t>(y * 200 + x)], 0U) << x << ' ' << y;
  }
}

TEST(Markers, TheSizeOfACircleThatTheCanvasCutsOffIsBesideItsMarker) {
  const auto pixels = drawn_large({{.image = {60, 60}, .radius = 400}}, {.hovered = 0, .chosen = {}});
  const auto any_ink = [&](int left, int top, int right, int bottom) {
    for (int y = top; y < bottom; ++y) {
      for (int x = left; x < right; ++x) {
        if (pixels[static_cast<std::size_t>(y * 200 + x)] != 0) return true;
      }
    }
    return false;
  };
  EXPECT_TRUE(any_ink(75, 75, 100, 90));
  EXPECT_FALSE(any_ink(0, 120, 200, 200));
}

TEST(Markers, AMarkerOutOfSightHasNoLabel) {
  const auto pixels = drawn_large({{.image = {-300, 60}, .radius = 30}}, {.hovered = {}, .chosen = 0});
  EXPECT_EQ(pixels, std::vector<std::uint32_t>(200 * 200, 0));
}

TEST(Markers, AnAutomaticRadiusIsDashedAGivenOneIsNot) {
  const auto gaps = [](bool is_given) {
    const auto pixels = drawn({.image = {}, .radius = 17, .is_radius_given = is_given}, {.hovered = 0, .chosen = {}});
    int count = 0;
    for (int degrees = 90; degrees < 360; ++degrees) {  // the label lies in the other quarter
      const double angle = degrees * 3.14159265358979 / 180;
      const int x = static_cast<int>(20.5 + 17 * std::cos(angle));
      const int y = static_cast<int>(20.5 + 17 * std::sin(angle));
      count += pixels[static_cast<std::size_t>(y * 41 + x)] >> 24 == 0;
    }
    return count;
  };
  EXPECT_EQ(gaps(true), 0);
  EXPECT_GT(gaps(false), 30);
}

TEST(Markers, TheRimIsHitOnlyWhereItIsShown) {
  const std::vector<Marker> markers{{.image = {50, 50}, .radius = 30}};
  const ViewTransform view = view_of(100, 100);
  const MarkerFocus chosen{.hovered = {}, .chosen = 0};
  EXPECT_EQ(hit_marker(markers, {}, view, {80, 50}, 1).part, MarkerHit::Part::nothing);
  EXPECT_EQ(hit_marker(markers, chosen, view, {80, 50}, 1).part, MarkerHit::Part::rim);
  EXPECT_EQ(hit_marker(markers, chosen, view, {50, 23}, 1).part, MarkerHit::Part::rim);
  EXPECT_EQ(hit_marker(markers, chosen, view, {70, 50}, 1).part, MarkerHit::Part::nothing);
  EXPECT_EQ(hit_marker(markers, chosen, view, {50, 50}, 1).part, MarkerHit::Part::centre);
}

TEST(Markers, ACentreIsHitBeforeTheRimOfAnother) {
  const std::vector<Marker> markers{{.image = {80, 50}}, {.image = {50, 50}, .radius = 30}};
  const MarkerHit hit = hit_marker(markers, {.hovered = 1, .chosen = {}}, view_of(100, 100), {80, 50}, 1);
  EXPECT_EQ(hit.part, MarkerHit::Part::centre);
  EXPECT_EQ(hit.marker, 0U);
}

TEST(Markers, AMarkerStaysHoveredUpToItsRim) {
  const std::vector<Marker> markers{{.image = {50, 50}, .radius = 30}, {.image = {60, 50}}};
  const ViewTransform view = view_of(100, 100);
  EXPECT_EQ(next_hovered(markers, {}, view, {70, 70}, 1), std::nullopt);
  EXPECT_EQ(next_hovered(markers, {}, view, {50, 50}, 1), 0U);
  EXPECT_EQ(next_hovered(markers, 0, view, {50, 78}, 1), 0U);
  EXPECT_EQ(next_hovered(markers, 0, view, {50, 90}, 1), std::nullopt);
  EXPECT_EQ(next_hovered(markers, 0, view, {60, 50}, 1), 1U);
  EXPECT_EQ(next_hovered(markers, 7, view, {70, 70}, 1), std::nullopt);  // removed meanwhile
}

}  // namespace
}  // namespace gbrs::plugin
