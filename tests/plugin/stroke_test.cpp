// SPDX-License-Identifier: GPL-3.0-or-later
#include "canvas/stroke.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <set>

namespace gbrs::plugin {
namespace {

Stroke along(const std::vector<Point>& path) {
  Stroke stroke;
  stroke.begin(path.front());
  for (const Point place : path) stroke.add(place);
  return stroke;
}

TEST(Stroke, APlaceAloneIsOneClick) { EXPECT_EQ(along({{3.5, 4.5}}).places(10).size(), 1U); }

TEST(Stroke, PlacesLieARadiusApartAroundCorners) {
  const auto places = along({{0.5, 0.5}, {20.5, 0.5}, {20.5, 20.5}}).places(8);  // 40 long: five gaps of 8
  ASSERT_EQ(places.size(), 6U);
  EXPECT_NEAR(places[1].x, 8.5, 1e-9);
  EXPECT_NEAR(places[3].x, 20.5, 1e-9);
  EXPECT_NEAR(places[3].y, 4.5, 1e-9);
  EXPECT_EQ(places.back().y, 20.5);
}

TEST(Stroke, ALongOneIsThinned) {
  EXPECT_EQ(along({{0.5, 0.5}, {5000.5, 0.5}}).places(1).size(), static_cast<std::size_t>(Stroke::kMostClicks));
}

RC_GTEST_PROP(Stroke, BeginsAndEndsWhereTheHandDidAndNeverOnAPixelTwice, ()) {
  const auto numbers = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::pair<int, int>>>(
      rc::gen::pair(rc::gen::inRange(0, 400), rc::gen::inRange(0, 400))));
  std::vector<Point> path;
  for (const auto& [x, y] : numbers) path.push_back({x / 4.0, y / 4.0});
  const auto places = along(path).places(*rc::gen::inRange(1, 50));
  RC_ASSERT(!places.empty() && places.size() <= static_cast<std::size_t>(Stroke::kMostClicks));
  RC_ASSERT(places.front().x == path.front().x && places.front().y == path.front().y);
  const auto pixel = [](Point place) { return std::pair{std::floor(place.x), std::floor(place.y)}; };
  std::set<std::pair<double, double>> pixels;
  for (const Point place : places) RC_ASSERT(pixels.insert(pixel(place)).second);
  RC_ASSERT(pixels.contains(pixel(path.back())));
}

}  // namespace
}  // namespace gbrs::plugin
