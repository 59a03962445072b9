// SPDX-License-Identifier: GPL-3.0-or-later
#include "editing/kept_clicks.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <string>

namespace gbrs::plugin {
namespace {

KeptClicks example() {
  return {.model = "segment-small",
          .sha256 = "0123abcd",
          .layer = "bmconv",
          .start = "selection",
          .iterations = 20,
          .steps = {{.clicks = {{.x = 120.5, .y = 80.25}, {.x = 1.0 / 3, .y = 2, .radius = 60, .target = kExclude}}},
                    {.clicks = {{.x = 7.5, .y = 9.5}}, .is_refined = false},
                    {.clicks = {{.x = 3.5, .y = 4.5, .radius = 5}, {.x = 6.5, .y = 4.5, .radius = 5}},
                     .is_stroke = true},
                    {.clicks = {}, .box = Box{0.25, 1, 30, 20}}}};
}

TEST(KeptClicks, ComeBackAsTheyWere) {
  const auto back = parse_kept_clicks(to_json(example()));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(*back, example());
}

TEST(KeptClicks, AnotherTasksClicksComeBackAsTheyWere) {
  KeptClicks depth = example();
  depth.task = Task::depth;
  depth.steps = {{.clicks = {{.x = 4.5, .y = 5.5, .target = 2.4}}},
                 {.clicks = {{.x = 1.5, .y = 2.5, .radius = 9, .target = 0, .same_as = Place{7.5, 8.5}}}},
                 {.clicks = {{.x = 1.5, .y = 2.5, .target = kLower, .mode = ClickMode::push}}}};
  KeptClicks semantic = example();
  semantic.task = Task::semantic;
  semantic.steps = {{.clicks = {{.x = 4.5,
                                 .y = 5.5,
                                 .radius = 3,
                                 .target = 8,
                                 .mode = ClickMode::stroke,
                                 .path = {{5.5, 6.5}, {9.25, 7}}}}}};
  for (const KeptClicks& kept : {depth, semantic}) {
    const auto back = parse_kept_clicks(to_json(kept));
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(*back, kept);
  }
}

TEST(KeptClicks, PaintedStrokesComeBackAsTheyWere) {
  KeptClicks matte = example();
  matte.task = Task::matte;
  matte.start = "selection, band 12";
  matte.steps = {{.clicks = {{.x = 4.5, .y = 5.5, .target = 0.3}}}};
  matte.painted = {{Known::unknown, 20, {{100, 80}, {140, 82}}}, {Known::keep, 3, {{7, 8}}}};
  auto back = parse_kept_clicks(to_json(matte));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(*back, matte);
  std::string text = to_json(matte);
  const auto at = text.find("unknown,20");
  ASSERT_NE(at, std::string::npos);
  text.replace(at, 7, "unclear");
  back = parse_kept_clicks(text);
  ASSERT_FALSE(back);
  EXPECT_EQ(back.error().code, ErrorCode::damaged);
}

TEST(KeptClicks, WithoutATaskTheyAreAnObjects) {
  std::string text = to_json(example());
  const std::string task = "\"task\":\"segment\"";
  const auto at = text.find(task);
  ASSERT_NE(at, std::string::npos);
  // the keys are in the alphabet's order: it is the last one
  const auto back = parse_kept_clicks(text.erase(at - 1, task.size() + 1));
  ASSERT_TRUE(back) << text;
  EXPECT_EQ(*back, example());
}

TEST(KeptClicks, EveryNumberComesBackExactly) {
  rc::check([](double x, double y, double radius, bool is_refined) {
    RC_PRE(x >= 0 && y >= 0 && radius >= 0);
    KeptClicks kept = example();
    kept.steps = {{.clicks = {{.x = x, .y = y, .radius = radius}}, .is_refined = is_refined}};
    const auto back = parse_kept_clicks(to_json(kept));
    RC_ASSERT(back.has_value());
    RC_ASSERT(*back == kept);
  });
}

TEST(KeptClicks, TheModelMayHaveAnyName) {
  KeptClicks kept = example();
  kept.model = "/home/me/\"models\"/\xff\\";
  EXPECT_TRUE(parse_kept_clicks(to_json(kept)));
}

TEST(KeptClicks, WhatIsDamagedIsRefusedWithASentence) {
  const std::string good = to_json(example());
  const auto with = [&](const std::string& old_part, const std::string& new_part) {
    std::string text = good;
    const auto at = text.find(old_part);
    EXPECT_NE(at, std::string::npos) << old_part;
    return text.replace(at, old_part.size(), new_part);
  };
  for (const std::string& text :
       {std::string{}, std::string{"{"}, std::string{"[]"}, std::string{"null"}, std::string{"{\"format\":1}"},
        std::string(1000, '['), std::string("\0\0\0", 3), good.substr(0, good.size() / 2),
        with("\"format\":1", "\"format\":2"), with("\"refined\":true", "\"refined\":1"), with("7.5,9.5,+", "7.5,+"),
        with("7.5,9.5,+", "nan,9.5,+"), with("7.5,9.5,+", ""), with("0.25,1,30,20", "0.25,1,30"),
        with("0.25,1,30,20", "30,1,0.25,20"), with("\"stroke\":true", "\"stroke\":1"),
        with("\"task\":\"segment\"", "\"task\":\"sing\""), with("\"task\":\"segment\"", "\"task\":\"depth\""), with("20", "\"20\""), with("20", "1e99"),
        with("\"0123abcd\"", "null"), std::string(5U << 20U, ' ')}) {
    const auto parsed = parse_kept_clicks(text);
    ASSERT_FALSE(parsed) << text.substr(0, 200);
    EXPECT_EQ(parsed.error().code, ErrorCode::damaged);
    EXPECT_EQ(parsed.error().message.find('\n'), std::string::npos);
  }
}

TEST(KeptClicks, NoCutIsTakenForTheWhole) {
  const std::string good = to_json(example());
  for (std::size_t size = 0; size < good.size(); ++size) EXPECT_FALSE(parse_kept_clicks(good.substr(0, size))) << size;
}

}  // namespace
}  // namespace gbrs::plugin
