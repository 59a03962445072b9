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

TEST(Click, EveryTaskHasItsTargets) {
  const auto only = [](const char* text, Task task) {
    const auto clicks = parse_clicks(text, task);
    EXPECT_TRUE(clicks) << clicks.error().message;
    return clicks ? clicks->at(0) : Click{};
  };
  EXPECT_EQ(only("3,4,17", Task::semantic), (Click{.x = 3.5, .y = 4.5, .target = 17}));
  EXPECT_EQ(only("3,4,@8,9.25,6", Task::semantic),
            (Click{.x = 3.5, .y = 4.5, .radius = 6, .target = 0, .same_as = Place{8.5, 9.25}}));
  EXPECT_EQ(only("3,4;5,6;7.5,8,2,12", Task::semantic), (Click{.x = 3.5,
                                                               .y = 4.5,
                                                               .radius = 6,
                                                               .target = 2,
                                                               .mode = ClickMode::stroke,
                                                               .same_as = {},
                                                               .path = {{5.5, 6.5}, {7.5, 8.5}}}));
  EXPECT_EQ(only("3,4,0.25", Task::matte), (Click{.x = 3.5, .y = 4.5, .target = 0.25}));
  EXPECT_EQ(only("3,4,-,5", Task::matte),
            (Click{.x = 3.5, .y = 4.5, .radius = 5, .target = kLower, .mode = ClickMode::push}));
  EXPECT_EQ(only("3,4,2.4,9", Task::depth), (Click{.x = 3.5, .y = 4.5, .radius = 9, .target = 2.4}));
  EXPECT_EQ(only("3,4,@0,1", Task::depth), (Click{.x = 3.5, .y = 4.5, .target = 0, .same_as = Place{0.5, 1.5}}));
  EXPECT_EQ(only("3,4,far", Task::depth), (Click{.x = 3.5, .y = 4.5, .target = kRaise, .mode = ClickMode::push}));
  EXPECT_EQ(only("3,4,near", Task::depth).target, kLower);
}

TEST(Click, WhatATaskCannotMeanIsNamedInOneSentence) {
  const std::pair<Task, const char*> wrong[] = {
      {Task::segment, "1,2,@3,4"},   {Task::segment, "1,2;3,4,+"},       {Task::segment, "1,2,far"},
      {Task::semantic, "1,2,+"},     {Task::semantic, "1,2,1.5"},        {Task::semantic, "1,2,-1"},
      {Task::semantic, "1,2,1e9"},   {Task::semantic, "1,2;3,4,1"},      {Task::semantic, "1,2;3,1,4"},
      {Task::semantic, "1,2;,,1,4"}, {Task::semantic, "1,2;3,4,@5,6,4"}, {Task::semantic, "1,2,@3"},
      {Task::matte, "1,2,3"},        {Task::matte, "1,2,-0.1"},          {Task::matte, "1,2,near"},
      {Task::matte, "1,2,nan"},      {Task::matte, "1,2,@a,3"},          {Task::depth, "1,2,-1"},
      {Task::depth, "1,2,+"},        {Task::depth, "1,2,inf"},           {Task::depth, "1,2,@1,2,3,4"},
      {Task::depth, "1,2,"},         {Task::depth, "1,2;3,4,1,2"},       {Task::depth, "1,2,1,-2"}};
  for (const auto& [task, text] : wrong) {
    const auto clicks = parse_clicks(text, task);
    ASSERT_FALSE(clicks) << text;
    EXPECT_EQ(clicks.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(clicks.error().message.find(text), std::string::npos) << clicks.error().message;
    EXPECT_EQ(clicks.error().message.back(), '.');
  }
}

TEST(Task, NamesGoBothWays) {
  for (const Task task : {Task::segment, Task::semantic, Task::matte, Task::depth})
    EXPECT_EQ(parse_task(task_name(task)), task);
  EXPECT_FALSE(parse_task("Depth"));
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

RC_GTEST_PROP(Click, WrittenFormsOfOtherTasksGiveTheSameValuesBack, ()) {
  const Task task = *rc::gen::element(Task::semantic, Task::matte, Task::depth);
  const auto number = [](double most) { return *rc::gen::inRange(0, 1'000'000) * most / 999'983.0; };
  const auto place = [&] { return Place{number(4000), number(3000)}; };
  std::vector<Click> clicks;
  for (int i = *rc::gen::inRange(0, 6); i > 0; --i) {
    Click click{.x = number(4000), .y = number(3000)};
    if (*rc::gen::arbitrary<bool>()) click.radius = number(500);
    click.target = task == Task::semantic ? *rc::gen::inRange(0, 200) : task == Task::matte ? number(0.9) : number(90);
    const int kind = *rc::gen::inRange(0, 3);
    if (kind == 1) {
      click.same_as = place();
      click.target = 0;
    } else if (kind == 2 && task == Task::semantic) {
      click.mode = ClickMode::stroke;
      click.radius = number(500);
      for (int j = *rc::gen::inRange(1, 5); j > 0; --j) click.path.push_back(place());
    } else if (kind == 2) {
      click.mode = ClickMode::push;
      click.target = *rc::gen::element(kRaise, kLower);
    }
    clicks.push_back(click);
  }
  const auto read = parse_clicks(format_clicks(clicks, task), task);
  RC_ASSERT(read.has_value());
  RC_ASSERT(*read == clicks);
}

}  // namespace
}  // namespace gbrs
