// SPDX-License-Identifier: GPL-3.0-or-later
// What is painted over a trimap: its written form, what a brush covers, which clicks it takes away, how it looks.
#include "canvas/painted.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <memory>

#include "tools/matte/trimap_painter.hpp"

namespace gbrs::plugin {
namespace {

Trimap unknown(int width, int height) {
  return {width, height, std::vector<std::uint8_t>(static_cast<std::size_t>(width * height), Trimap::kUnknown)};
}

Trimap painted(std::string_view text, int width, int height) {
  const auto strokes = parse_painted(text);
  EXPECT_TRUE(strokes) << strokes.error().message;
  const auto trimap = painted_over(std::make_shared<const Trimap>(unknown(width, height)), *strokes);
  EXPECT_TRUE(trimap) << trimap.error().message;
  return **trimap;
}

TEST(Painted, IsReadAsItIsWritten) {
  const auto strokes = parse_painted("  keep,12:100,80 104,82\n120,95 ;drop,8:30,40; unknown,20:1,2 60,2 ");
  ASSERT_TRUE(strokes) << strokes.error().message;
  const std::vector<PaintedStroke> wanted{{Known::keep, 12, {{100, 80}, {104, 82}, {120, 95}}},
                                          {Known::drop, 8, {{30, 40}}},
                                          {Known::unknown, 20, {{1, 2}, {60, 2}}}};
  EXPECT_EQ(*strokes, wanted);
  EXPECT_EQ(format_painted(*strokes), "keep,12:100,80 104,82 120,95; drop,8:30,40; unknown,20:1,2 60,2");
  EXPECT_TRUE(parse_painted(" \n")->empty());
  EXPECT_EQ(format_painted({}), "");
}

TEST(Painted, WhatCannotBeReadIsNamed) {
  for (const char* const text :
       {"keep", "keep,5", "keep,5:", "keep,5:1", "keep,5:1,2,3", "keep,5:1,2;", ";", "hold,5:1,2", "Keep,5:1,2",
        "keep,0:1,2", "keep,-5:1,2", "keep,5:-1,2", "keep,5:1.5,2", "keep,1e3:1,2", "keep,5:1, 2", "keep,:1,2",
        "keep,5:99999999999,2", "keep,5:1,2 drop,5:1,2", "keep 5:1,2"}) {
    const auto strokes = parse_painted(text);
    ASSERT_FALSE(strokes) << text;
    EXPECT_EQ(strokes.error().code, ErrorCode::invalid_argument);
    EXPECT_TRUE(strokes.error().message.ends_with('.'));
    EXPECT_EQ(strokes.error().message.find('\n'), std::string::npos);
  }
  const auto second = parse_painted("keep,5:1,2; drop,x:3,4");
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().message.find("drop,x:3,4"), std::string::npos) << second.error().message;
}

RC_GTEST_PROP(Painted, AnyStrokesComeBack, ()) {
  const auto strokes = *rc::gen::container<std::vector<PaintedStroke>>(rc::gen::apply(
      [](int known, int radius, const std::vector<std::pair<std::uint16_t, std::uint16_t>>& way) {
        PaintedStroke stroke{static_cast<Known>(known), radius, {}};
        for (const auto& [x, y] : way) stroke.way.push_back({x, y});
        return stroke;
      },
      rc::gen::inRange(0, 3), rc::gen::inRange(1, 2000),
      rc::gen::nonEmpty(rc::gen::arbitrary<std::vector<std::pair<std::uint16_t, std::uint16_t>>>())));
  const auto back = parse_painted(format_painted(strokes));
  RC_ASSERT(back.has_value());
  RC_ASSERT(*back == strokes);
}

TEST(Painted, ABrushCoversWhatLiesWithinItsRadiusOfTheWay) {
  const Trimap map = painted("keep,4:10,10 20,10 20,18; drop,1:2,2", 30, 30);
  const auto distance = [](int x, int y) {
    const double first = std::hypot(x - std::clamp(x, 10, 20), y - 10);
    const double second = std::hypot(x - 20, y - std::clamp(y, 10, 18));
    return std::min(first, second);
  };
  for (int y = 0; y < map.height; ++y) {
    for (int x = 0; x < map.width; ++x) {
      const bool is_dropped = std::hypot(x - 2, y - 2) <= 1;
      const Known wanted = is_dropped ? Known::drop : distance(x, y) <= 4 ? Known::keep : Known::unknown;
      ASSERT_EQ(known_at(map, x, y), wanted) << x << ' ' << y;
    }
  }
}

TEST(Painted, TheLastStrokeIsTheOneThatCounts) {
  const Trimap map = painted("keep,5:8,8; drop,3:8,8; unknown,1:8,8", 16, 16);
  EXPECT_EQ(known_at(map, 8, 8), Known::unknown);
  EXPECT_EQ(known_at(map, 8, 10), Known::drop);
  EXPECT_EQ(known_at(map, 8, 12), Known::keep);
  EXPECT_EQ(known_at(map, 0, 0), Known::unknown);
}

TEST(Painted, ABrushMayReachBeyondThePictureItsWayMayNot) {
  const Trimap map = painted("drop,2147483647:0,0", 5, 4);
  EXPECT_EQ(std::ranges::count(map.codes, Trimap::kBackground), 20);
  for (const char* const text : {"keep,1:0,0; keep,2:5,0", "keep,2:0,4", "keep,2:1,1 9,1"}) {
    const auto done = painted_over(std::make_shared<const Trimap>(unknown(5, 4)), *parse_painted(text));
    ASSERT_FALSE(done) << text;
    EXPECT_EQ(done.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(done.error().message.find("5×4"), std::string::npos) << done.error().message;
  }
}

RC_GTEST_PROP(Painted, WhatABrushLeavesOutIsNotSeen, ()) {
  // a hand's way, of small and large parts
  const int radius = *rc::gen::inRange(1, 40);
  std::vector<Point> way{{60.5, 60.5}};
  for (const auto& [dx, dy] : *rc::gen::container<std::vector<std::pair<int, int>>>(
           rc::gen::pair(rc::gen::inRange(-6, 7), rc::gen::inRange(-6, 7)))) {
    way.push_back({std::clamp(way.back().x + dx, 0.5, 119.5), std::clamp(way.back().y + dy, 0.5, 119.5)});
  }
  const PaintedStroke thin = stroke_along(Known::keep, radius, way);
  PaintedStroke whole{Known::keep, radius, {}};
  for (const Point place : way) whole.way.push_back({static_cast<int>(place.x), static_cast<int>(place.y)});
  RC_ASSERT(thin.way.front() == whole.way.front());
  RC_ASSERT(thin.way.back() == whole.way.back());
  // no place of the way is farther from what was kept than a quarter of the radius, or a pixel
  PaintedStroke narrow = thin;
  narrow.radius = static_cast<int>(std::ceil(std::max(1.0, 0.25 * radius)));
  const auto map = painted_over(std::make_shared<const Trimap>(unknown(120, 120)), std::span(&narrow, 1));
  RC_ASSERT(map.has_value());
  for (const auto& pixel : whole.way) RC_ASSERT(known_at(**map, pixel.x, pixel.y) == Known::keep);
}

TEST(Painted, ClicksOnWhatIsKnownGoAway) {
  const Trimap map = painted("keep,3:10,10; drop,2:20,20", 30, 30);
  const std::vector<Step> steps{{.clicks = {{.x = 10.5, .y = 10.5, .target = 0.3}}},
                                {.clicks = {{.x = 20.5, .y = 19.5, .target = 0.3}, {.x = 3.5, .y = 3.5, .target = 1}}},
                                {.clicks = {{.x = 25.5, .y = 3.5, .target = 0.5}}, .is_refined = false}};
  const auto left = without_known(steps, map);
  ASSERT_EQ(left.size(), 2U);
  ASSERT_EQ(left[0].clicks.size(), 1U);
  EXPECT_EQ(left[0].clicks[0], steps[1].clicks[1]);
  EXPECT_EQ(left[1], steps[2]);
}

TEST(TrimapPainter, WhatIsUnknownIsSeenAsItIs) {
  const auto map = std::make_shared<const Trimap>(painted("keep,1:1,1; drop,1:6,1", 8, 4));
  constexpr double kScale = 2;
  std::vector<std::uint32_t> words(16 * 8, 1);
  ASSERT_TRUE(TrimapPainter(map).paint({}, {0, 0, 16, 8}, kScale, {words.data(), 16}));
  const auto at = [&](int x, int y) { return words[static_cast<std::size_t>(y * 2 * 16 + x * 2)]; };
  EXPECT_EQ(at(4, 3), 0U);
  EXPECT_NE(at(1, 1), 0U);
  EXPECT_NE(at(6, 1), 0U);
  EXPECT_NE(at(1, 1), at(6, 1));
  EXPECT_EQ(at(6, 1) & 0xFFFFFFU, 0U) << "dark";
  // a part of it has the same pixels
  std::vector<std::uint32_t> part(4 * 4);
  ASSERT_TRUE(TrimapPainter(map).paint({}, {10, 2, 4, 4}, kScale, {part.data(), 4}));
  for (int y = 0; y < 4; ++y) {
    for (int x = 0; x < 4; ++x) {
      EXPECT_EQ(part[static_cast<std::size_t>(y * 4 + x)], words[static_cast<std::size_t>((y + 2) * 16 + x + 10)]);
    }
  }
}

}  // namespace
}  // namespace gbrs::plugin
