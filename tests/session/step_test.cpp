// SPDX-License-Identifier: Apache-2.0
#include "gbrs/step.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace gbrs {
namespace {

TEST(Steps, ClicksStrokesAndBoxesAreToldApart) {
  const auto steps = parse_steps(" 10,20,300.5,200\n120,80,+ 40.5,30.5,-,5;44.5,30.5,-,5 ");
  ASSERT_TRUE(steps) << steps.error().message;
  const Step box{.clicks = {}, .box = Box{10, 20, 300.5, 200}};
  const Step click{.clicks = {{.x = 120.5, .y = 80.5}}};
  const Step stroke{.clicks = {{.x = 40.5, .y = 30.5, .radius = 5, .target = kExclude},
                               {.x = 44.5, .y = 30.5, .radius = 5, .target = kExclude}},
                    .is_stroke = true};
  EXPECT_EQ(*steps, (std::vector<Step>{box, click, stroke}));
  EXPECT_TRUE(parse_steps("")->empty());
}

TEST(Steps, WhatIsWrongIsNamed) {
  for (const char* text : {"1,2,3", "1,2,3,4,5", "1,2,3,x", "1,2,nan,4", "5,2,1,4", "1,4,5,2", "1,2,1,4", "1,2,,4", ";",
                           "1,2,+;3", "1,2,3,4;5,6,+", "1,2,0x3,4", "1,2, 3,4"}) {
    const auto steps = parse_steps(std::string("9,9,+ ") + text);
    ASSERT_FALSE(steps) << text;
    EXPECT_EQ(steps.error().code, ErrorCode::invalid_argument);
  }
  EXPECT_NE(parse_steps("9,9,+ 5,2,1,4").error().message.find("\"5,2,1,4\""), std::string::npos);
}

RC_GTEST_PROP(Steps, TheWrittenFormGivesTheSameValues, (std::vector<std::array<double, 5>> rows)) {
  std::vector<Step> steps;
  for (const auto& [x, y, width, height, kind] : rows) {
    const Click click{.x = x, .y = y, .radius = kind > 0 ? std::optional(std::abs(width)) : std::nullopt};
    const Box box{x, y, x + 1 + std::abs(width), y + 1 + std::abs(height)};
    if (kind < -1 && box.left < box.right && box.top < box.bottom)
      steps.push_back({.clicks = {}, .box = box});
    else if (kind > 1)
      steps.push_back({.clicks = {click, {.x = y, .y = x, .target = kExclude}}, .is_stroke = true});
    else
      steps.push_back({.clicks = {click}});
  }
  const auto back = parse_steps(format_steps(steps));
  RC_ASSERT(back.has_value());
  RC_ASSERT(*back == steps);
}

}  // namespace
}  // namespace gbrs
