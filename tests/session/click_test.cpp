// SPDX-License-Identifier: Apache-2.0
#include "gbrs/click.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <clocale>
#include <cmath>

namespace gbrs {
namespace {

TEST(Click, GrammarGivesPlaceTargetAndRadius) {
  const auto clicks = parse_clicks("120,80,+ 300.25,40.5,-,25\n 0,0,-");
  ASSERT_TRUE(clicks) << clicks.error().message;
  ASSERT_EQ(clicks->size(), 3U);
  EXPECT_EQ((*clicks)[0], (Click{.x = 120.5, .y = 80.5, .radius = std::nullopt, .target = kInclude}));
  EXPECT_EQ((*clicks)[1], (Click{.x = 300.25, .y = 40.5, .radius = 25, .target = kExclude}));
  EXPECT_EQ((*clicks)[2].x, 0.5);
}

TEST(Click, WholeNumberMeansThePixelAndItsCentre) {
  EXPECT_EQ(parse_clicks("7,8,+")->at(0).x, 7.5);
  EXPECT_EQ(parse_clicks("7.0,8.0,+")->at(0).x, 7.0);
}

TEST(Click, NoClicksAreNoError) {
  EXPECT_TRUE(parse_clicks("")->empty());
  EXPECT_TRUE(parse_clicks("  \n")->empty());
}

TEST(Click, WrongClicksAreNamedInOneSentence) {
  for (const char* text : {"1,2", "1,2,3", "1,2,+,3,4", "a,2,+", "1,,+", "1,2,+,-3", "nan,2,+", "1,inf,+", "1,2,+,nan",
                           "1,2,+,", "1;2;+", "1e999,2,+", ",,,", "0x10,2,+"}) {
    const auto clicks = parse_clicks(text);
    ASSERT_FALSE(clicks) << text;
    EXPECT_EQ(clicks.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(clicks.error().message.find(text), std::string::npos) << clicks.error().message;
    EXPECT_EQ(clicks.error().message.back(), '.');
  }
}

TEST(Click, CommaLocaleChangesNothing) {
  if (std::setlocale(LC_ALL, "de_DE.UTF-8") == nullptr) GTEST_SKIP() << "the locale de_DE.UTF-8 is not installed";
  EXPECT_EQ(parse_clicks("1.25,2,+")->at(0).x, 1.25);
  const Click click{.x = 1.25, .y = 2, .radius = 0.5, .target = kExclude};
  EXPECT_EQ(format_clicks(std::span(&click, 1)), "1.25,2.0,-,0.5");
  std::setlocale(LC_ALL, "C");
}

RC_GTEST_PROP(Click, WrittenFormGivesTheSameValuesBack,
              (const std::vector<std::tuple<double, double, bool, double>>& raw)) {
  std::vector<Click> clicks;
  for (const auto& [x, y, has_radius, radius] : raw) {
    RC_PRE(std::isfinite(x) && std::isfinite(y) && std::isfinite(radius));
    clicks.push_back({.x = x,
                      .y = y,
                      .radius = has_radius ? std::optional(std::abs(radius)) : std::nullopt,
                      .target = clicks.size() % 2 == 0 ? kInclude : kExclude});
  }
  const auto read = parse_clicks(format_clicks(clicks));
  RC_ASSERT(read.has_value());
  RC_ASSERT(*read == clicks);
}

}  // namespace
}  // namespace gbrs
