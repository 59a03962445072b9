// SPDX-License-Identifier: Apache-2.0
// Classes and depths at the picture's own pixels.
#include <gtest/gtest.h>

#include <array>

#include "session/corrections.hpp"
#include "session/network_answer.hpp"
#include "session/pictures.hpp"

namespace gbrs {
namespace {

constexpr int kWidth = 120, kHeight = 90;
constexpr Rectangle kAll{0, 0, kWidth, kHeight};

std::shared_ptr<Answer::Data> answer_of(Task task, const FrameMap& map, std::vector<Click> clicks = {},
                                        std::shared_ptr<const Map> start = nullptr) {
  auto data = std::make_shared<Answer::Data>();
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(kWidth) * kHeight * 3, 128);
  data->picture =
      *Picture::copy({.pixels = pixels.data(), .width = kWidth, .height = kHeight, .stride_bytes = kWidth * 3});
  data->frame = Frame::whole(kWidth, kHeight, {.long_side = 65, .multiple = 16});
  data->task = task;
  data->start = std::move(start);
  data->clicks = std::move(clicks);
  data->verdicts = contradictions(data->clicks);
  set_answer(*data, map,
             answer_guide(data->picture->resampled(data->frame.box, data->frame.width, data->frame.height)));
  return data;
}

/// Logits of class 0 on the left half, class 2 on the right; class 1 is nowhere.
FrameMap halves() {
  FrameMap map{.width = 17, .height = 13, .values = {}, .channels = 3};
  for (int c = 0; c < 3; ++c)
    for (int i = 0; i < 17 * 13; ++i) {
      const bool is_left = i % 17 < 8;
      map.values.push_back((c == 0 && is_left) || (c == 2 && !is_left) ? 6.0F : 0.0F);
    }
  return map;
}

FrameMap ramp(float first, float last) {
  FrameMap map{.width = 17, .height = 13, .values = {}};
  for (int i = 0; i < 17 * 13; ++i) map.values.push_back(first + (last - first) * static_cast<float>(i % 17) / 16);
  return map;
}

TEST(TaskRendering, ClassesAreThoseOfTheirPlaces) {
  const auto data = answer_of(Task::semantic, halves());
  EXPECT_EQ(data->classes, (std::vector<int>{0, 2}));
  const Map labels = render_map(*data, kAll, 1);
  EXPECT_EQ(labels.at(10, 40), 0);
  EXPECT_EQ(labels.at(110, 40), 2);
}

TEST(TaskRendering, AClassCoversWhereItIsTheLabel) {
  const auto data = answer_of(Task::semantic, halves());
  const Map labels = render_map(*data, kAll, 1);
  const Map right = render_class_map(*data, std::array{2}, kAll, 1);
  for (int x = 0; x < kWidth; ++x) {
    EXPECT_EQ(labels.at(x, 45) == 2, right.at(x, 45) > 0.5F) << x;
    EXPECT_GE(right.at(x, 45), 0);
    EXPECT_LE(right.at(x, 45), 1);
  }
  EXPECT_EQ(right.at(5, 45), 0);
  EXPECT_EQ(right.at(115, 45), 1);
  const Map nowhere = render_class_map(*data, std::array{1}, kAll, 1);
  EXPECT_EQ(*std::ranges::max_element(nowhere.values), 0);
}

TEST(TaskRendering, SeveralClassesAreWhatTheRestIsNot) {
  // the label is class 0 everywhere, the other two together are more probable
  FrameMap map{.width = 17, .height = 13, .values = {}, .channels = 3};
  for (const float logit : {0.9F, 0.6F, 0.6F}) map.values.insert(map.values.end(), 17 * 13, logit);
  const auto data =
      answer_of(Task::semantic, map, {{.x = 1.5, .y = 1.5, .target = 1}, {.x = 9.5, .y = 1.5, .target = 2}});
  const Map rest = render_class_map(*data, std::array{1, 2}, kAll, 1);
  EXPECT_LT(rest.at(60, 60), 0.5F);
  const Map all = render_class_map(*data, std::array{0, 1, 2}, kAll, 1);
  EXPECT_EQ(*std::ranges::min_element(all.values), 1);
}

TEST(TaskRendering, AClickOfAClassIsObeyed) {
  const Click wanted{.x = 20.5, .y = 30.5, .target = 1};
  const Click same{.x = 100.5, .y = 60.5, .same_as = Place{10.5, 40.5}};
  const auto data = answer_of(Task::semantic, halves(), {wanted, same});
  const Map labels = render_map(*data, kAll, 1);
  EXPECT_EQ(labels.at(20, 30), 1);
  EXPECT_EQ(labels.at(100, 60), 0);
  EXPECT_EQ(labels.at(60, 80), labels.at(61, 80));
  EXPECT_TRUE(data->verdicts[0].is_satisfied);
  EXPECT_TRUE(data->verdicts[1].is_satisfied);
}

TEST(TaskRendering, PartsAreThoseOfTheWhole) {
  const auto data = answer_of(Task::semantic, halves(), {{.x = 20.5, .y = 30.5, .target = 1}});
  const Map whole = render_map(*data, kAll, 1);
  const Rectangle part{13, 21, 50, 30};
  const Map cut = render_map(*data, part, 1);
  for (int y = 0; y < part.height; ++y)
    for (int x = 0; x < part.width; ++x) ASSERT_EQ(cut.at(x, y), whole.at(part.x + x, part.y + y));
}

TEST(TaskRendering, DepthsBetweenTheGridsAreTheirMeans) {
  const auto data = answer_of(Task::depth, ramp(1, 5));
  const Map depth = render_map(*data, kAll, 1);
  for (int x = 10; x < kWidth - 10; ++x) {
    const double u = data->frame.u(x + 0.5) / (data->frame.width - 1);
    EXPECT_NEAR(depth.at(x, 45), 1 + 4 * u, 0.05) << x;
  }
}

TEST(TaskRendering, AClickOfADepthIsObeyed) {
  const auto data = answer_of(Task::depth, ramp(1, 5), {{.x = 20.5, .y = 30.5, .target = 7.25}});
  EXPECT_NEAR(render_map(*data, {20, 30, 1, 1}, 1).values[0], 7.25, 1e-4);
  EXPECT_NEAR(render_map(*data, {100, 80, 1, 1}, 1).values[0],
              render_map(*answer_of(Task::depth, ramp(1, 5)), {100, 80, 1, 1}, 1).values[0], 1e-6);
  EXPECT_TRUE(data->verdicts[0].is_satisfied);
}

TEST(TaskRendering, WhatIsMissingOfADepthIsSpreadOverTheClicksReachButNoOtherClick) {
  std::vector<Click> clicks{{.x = 60.5, .y = 45.5, .radius = 40, .target = 4},
                            {.x = 70.5, .y = 45.5, .radius = 40, .target = 4},
                            {.x = 20.5, .y = 80.5, .radius = 10, .same_as = Place{25.5, 80.5}}};
  const auto data = answer_of(Task::depth, ramp(2, 2), clicks);
  const Map depth = render_map(*data, kAll, 1);
  for (const ClickVerdict& verdict : data->verdicts) EXPECT_TRUE(verdict.is_satisfied);
  EXPECT_NEAR(depth.at(60, 45), 4, 0.004);
  EXPECT_NEAR(depth.at(70, 45), 4, 0.004);
  EXPECT_NEAR(depth.at(110, 45), 2, 1e-3);
  const auto alone = answer_of(Task::depth, ramp(2, 2), {clicks[0]});
  const Map smooth = render_map(*alone, kAll, 1);
  float steepest = 0;
  for (int x = 1; x < kWidth; ++x) steepest = std::max(steepest, std::abs(smooth.at(x, 45) - smooth.at(x - 1, 45)));
  EXPECT_GT(smooth.at(65, 45), 3.5F);
  EXPECT_LT(steepest, 0.2F) << "2 over 20 pixels";
}

TEST(TaskRendering, AStartIsKeptWhereNothingChanges) {
  auto start = std::make_shared<Map>(Map{kWidth, kHeight, {}});
  for (int i = 0; i < kWidth * kHeight; ++i) start->values.push_back(static_cast<float>(i % 97) / 50);
  const auto data = answer_of(Task::depth, ramp(0, 0), {}, start);
  EXPECT_EQ(render_map(*data, kAll, 1), *start);
  const auto raised = answer_of(Task::depth, ramp(1, 1), {}, start);
  const Map map = render_map(*raised, kAll, 1);
  for (std::size_t i = 0; i < map.values.size(); ++i) ASSERT_NEAR(map.values[i], start->values[i] + 1, 1e-4);
}

TEST(TaskRendering, PushesContradictNothing) {
  const std::vector<Click> clicks{{.x = 5.5, .y = 5.5, .target = kRaise, .mode = ClickMode::push},
                                  {.x = 5.5, .y = 5.5, .target = kLower, .mode = ClickMode::push},
                                  {.x = 5.5, .y = 5.5, .target = 2},
                                  {.x = 5.5, .y = 5.5, .target = 3}};
  const auto verdicts = contradictions(clicks);
  EXPECT_FALSE(verdicts[0].contradicts);
  EXPECT_FALSE(verdicts[1].contradicts);
  EXPECT_EQ(verdicts[2].contradicts, 3U);
}

}  // namespace
}  // namespace gbrs
