// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/adjustments.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace gbrs::plugin {
namespace {

// A disc with a soft edge one pixel wide.
Map disc(int size, double x0, double y0, double radius) {
  Map map{size, size, {}};
  for (int y = 0; y < size; ++y) {
    for (int x = 0; x < size; ++x) {
      const double inside = radius - std::hypot(x + 0.5 - x0, y + 0.5 - y0);
      map.values.push_back(static_cast<float>(std::clamp(inside + 0.5, 0.0, 1.0)));
    }
  }
  return map;
}

double area(const Map& map) { return std::accumulate(map.values.begin(), map.values.end(), 0.0); }

Map adjusted(Map map, const Adjustments& adjustments, double scale = 1) {
  adjust(map, adjustments, scale);
  return map;
}

// The radius of the disc that has the map's area.
double radius_of(const Map& map) { return std::sqrt(area(map) / 3.14159265358979); }

TEST(Adjustments, NeutralOnesChangeNothing) {
  const Map map = disc(60, 30, 30, 20.3);
  EXPECT_EQ(adjusted(map, {}), map);
  EXPECT_TRUE(Adjustments{}.is_neutral());
  EXPECT_FALSE(Adjustments{.contrast = 1}.is_neutral());
  EXPECT_EQ(reach({}, 1), 0);
}

TEST(Adjustments, GrowingMovesTheEdgeOutwardsByThatManyPixels) {
  const Map map = disc(160, 80, 80, 40);
  for (const double grow : {1.0, 2.5, 10.0, 30.0}) {
    EXPECT_NEAR(radius_of(adjusted(map, {.grow = grow})), 40 + grow, 0.6) << grow;
    EXPECT_NEAR(radius_of(adjusted(map, {.grow = -grow})), 40 - grow, 0.6) << grow;
  }
}

TEST(Adjustments, GrowingIsRoundNotSquare) {
  Map map{41, 41, std::vector<float>(41 * 41)};
  map.values[20 * 41 + 20] = 1;
  const Map grown = adjusted(map, {.grow = 10});
  for (int y = 0; y < 41; ++y) {
    for (int x = 0; x < 41; ++x) {
      ASSERT_EQ(grown.at(x, y), (x - 20) * (x - 20) + (y - 20) * (y - 20) <= 100 ? 1.0F : 0.0F) << x << ' ' << y;
    }
  }
}

TEST(Adjustments, ShrinkingIsGrowingTheRest) {
  const Map map = disc(64, 30, 33, 18.4);
  Map rest = map;
  for (float& value : rest.values) value = 1 - value;
  Map grown = adjusted(rest, {.grow = 4});
  const Map shrunk = adjusted(map, {.grow = -4});
  for (std::size_t i = 0; i < grown.values.size(); ++i) ASSERT_NEAR(1 - grown.values[i], shrunk.values[i], 1e-6);
}

TEST(Adjustments, AnObjectCutOffByThePictureIsNotChangedThere) {
  const Map full{20, 20, std::vector<float>(400, 1.0F)};
  for (const Adjustments& adjustments : {Adjustments{.grow = -5}, Adjustments{.feather = 20}}) {
    const Map result = adjusted(full, adjustments);
    for (const float value : result.values) ASSERT_NEAR(value, 1.0F, 1e-5);
  }
}

// The blurred step is the Gaussian's integral: at one standard deviation from the edge 0.841 of it.
TEST(Adjustments, FeatheringIsAGaussianOfTheRightWidth) {
  Map step{201, 5, {}};
  for (int i = 0; i < 5 * 201; ++i) step.values.push_back(i % 201 >= 100 ? 1.0F : 0.0F);
  const Map soft = adjusted(step, {.feather = 35});  // deviation 10; the edge is at x = 100, pixel centres at x + 0.5
  EXPECT_NEAR((soft.at(99, 2) + soft.at(100, 2)) / 2, 0.5, 1e-4);
  for (const int distance : {-20, -10, -3, 3, 10, 20}) {
    const double expected = 0.5 * std::erfc(-distance / 10.0 / std::sqrt(2.0));
    EXPECT_NEAR((soft.at(99 + distance, 2) + soft.at(100 + distance, 2)) / 2, expected, 0.003) << distance;
  }
}

TEST(Adjustments, ContrastTurnsAboutOneHalf) {
  const Map ramp{5, 1, {0.0F, 0.25F, 0.5F, 0.625F, 1.0F}};
  EXPECT_EQ(adjusted(ramp, {.contrast = 50}).values, (std::vector<float>{0.0F, 0.0F, 0.5F, 0.75F, 1.0F}));
  EXPECT_EQ(adjusted(ramp, {.contrast = 100}).values, (std::vector<float>{0.0F, 0.0F, 1.0F, 1.0F, 1.0F}));
}

TEST(Adjustments, AtAnotherScaleTheSameImagePixelsAreMeant) {
  const Adjustments adjustments{.grow = 8, .feather = 7};
  const double at_one = radius_of(adjusted(disc(200, 100, 100, 50), adjustments));
  const double at_half = radius_of(adjusted(disc(100, 50, 50, 25), adjustments, 0.5));
  EXPECT_NEAR(at_half, at_one / 2, 0.5);
}

TEST(Adjustments, APartIsThatPartOfTheWhole) {
  const Map source = disc(120, 60, 50, 47);
  const RenderMap render = [&](Rectangle part, double) -> Expected<Map> {
    Map map{part.width, part.height, {}};
    for (int y = part.y; y < part.y + part.height; ++y) {
      for (int x = part.x; x < part.x + part.width; ++x) {
        const bool is_on_it = x >= 0 && y >= 0 && x < 120 && y < 120;
        map.values.push_back(is_on_it ? source.at(x, y) : 0.0F);
      }
    }
    return map;
  };
  for (const Adjustments& adjustments :
       {Adjustments{}, Adjustments{.grow = 6.5}, Adjustments{.grow = -9, .feather = 12},
        Adjustments{.feather = 30, .contrast = 40}}) {
    const Map whole = adjusted(source, adjustments);
    for (const Rectangle part : {Rectangle{0, 0, 120, 120}, Rectangle{0, 30, 120, 11}, Rectangle{70, 5, 21, 40},
                                 Rectangle{-5, 100, 30, 30}, Rectangle{500, 0, 3, 3}}) {
      const auto result = render_adjusted(render, 120, 120, part, 1, adjustments);
      ASSERT_TRUE(result);
      for (int y = 0; y < part.height; ++y) {
        for (int x = 0; x < part.width; ++x) {
          const int u = part.x + x;
          const int v = part.y + y;
          const float expected = u >= 0 && v >= 0 && u < 120 && v < 120 ? whole.at(u, v) : 0.0F;
          ASSERT_NEAR(result->at(x, y), expected, 1e-5) << u << ' ' << v;
        }
      }
    }
  }
}

TEST(Adjustments, AFailureToRenderIsHandedOn) {
  const RenderMap render = [](Rectangle, double) -> Expected<Map> { return failure(ErrorCode::out_of_memory, "full"); };
  const auto result = render_adjusted(render, 10, 10, {0, 0, 10, 10}, 1, {.grow = 2});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "full");
}

}  // namespace
}  // namespace gbrs::plugin
