// SPDX-License-Identifier: Apache-2.0
#include "session/corrections.hpp"
#include "session/network_answer.hpp"
#include "session/resampling.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

namespace gbrs {
namespace {

/// A picture of noise with an answer of noise: nothing about it is smooth or symmetric.
Answer noisy_answer(int width, int height, std::vector<Click> clicks) {
  std::mt19937 random(7);
  std::vector<std::uint8_t> rgb(static_cast<std::size_t>(width * height) * 3);
  for (auto& value : rgb) value = static_cast<std::uint8_t>(random() % 256);
  auto data = std::make_shared<Answer::Data>();
  data->picture = *Picture::copy({.pixels = rgb.data(), .width = width, .height = height, .stride_bytes = 3 * width});
  data->frame = Frame::whole(width, height, {.long_side = 65, .multiple = 16});
  data->clicks = std::move(clicks);
  data->verdicts = contradictions(data->clicks);
  FrameMap logits{.width = 33, .height = 25, .values = std::vector<float>(33 * 25)};
  for (auto& value : logits.values) value = static_cast<float>(random() % 1000) / 100.0F - 5.0F;
  set_answer(*data, logits,
             answer_guide(data->picture->resampled(data->frame.box, data->frame.width, data->frame.height)));
  return Answer(std::move(data));
}

Map part(const Map& map, Rectangle r) {
  Map result{.width = r.width, .height = r.height, .values = {}};
  for (int y = r.y; y < r.y + r.height; ++y)
    for (int x = r.x; x < r.x + r.width; ++x)
      result.values.push_back(x >= 0 && y >= 0 && x < map.width && y < map.height ? map.at(x, y) : 0.0F);
  return result;
}

TEST(Rendering, AnyRectangleHasTheBytesOfTheWhole) {
  const Answer answer =
      noisy_answer(123, 91, {{.x = 60.5, .y = 40.5}, {.x = 61.5, .y = 40.5, .radius = {}, .target = kExclude}});
  std::mt19937 random(11);
  for (const double scale : {1.0, 0.37, 0.5, 2.5}) {
    const int width = static_cast<int>(123 * scale);
    const int height = static_cast<int>(91 * scale);
    const Map whole = *answer.render({0, 0, width, height}, scale);
    for (int i = 0; i < 20; ++i) {
      const Rectangle r{static_cast<int>(random() % 50), static_cast<int>(random() % 40),
                        1 + static_cast<int>(random() % 30), 1 + static_cast<int>(random() % 20)};
      const Map expected = part(whole, r);
      const Map rendered = *answer.render(r, scale);
      for (int y = 0; y < r.height; ++y)
        for (int x = 0; x < r.width; ++x)
          if (r.x + x < width && r.y + y < height) {
            ASSERT_EQ(rendered.at(x, y), expected.at(x, y)) << scale;
          }
    }
  }
}

TEST(Rendering, WhatIsRatherTheObjectIsOpaqueInsideAndSoftAtItsEdge) {
  const int width = 129;
  const int height = 97;
  const std::vector<std::uint8_t> gray(static_cast<std::size_t>(width * height) * 3, 128);
  auto data = std::make_shared<Answer::Data>();
  data->picture = *Picture::copy({.pixels = gray.data(), .width = width, .height = height, .stride_bytes = 3 * width});
  data->frame = Frame::whole(width, height, {.long_side = 129, .multiple = 16});
  FrameMap logits{.width = 65, .height = 49, .values = {}};
  for (int y = 0; y < 49; ++y)
    for (int x = 0; x < 65; ++x) logits.values.push_back(std::clamp(32.25F - static_cast<float>(x), -1.0F, 1.0F));
  set_answer(*data, logits,
             answer_guide(data->picture->resampled(data->frame.box, data->frame.width, data->frame.height)));
  const Map map = *Answer(std::move(data)).render();
  for (int x = 1; x < width; ++x) EXPECT_LE(map.at(x, 48), map.at(x - 1, 48)) << x;
  EXPECT_GT(map.at(30, 48), 0.98F) << "a probability of 0.73, far from the edge";
  EXPECT_LT(map.at(100, 48), 0.02F);
  EXPECT_GT(map.at(64, 48), 0.5F) << "the edge is where the logits change sides, at 64.5";
  EXPECT_LT(map.at(66, 48), 0.5F);
  for (const int x : {62, 63, 65, 67}) {
    EXPECT_GT(map.at(x, 48), 0.2F) << x;
    EXPECT_LT(map.at(x, 48), 0.8F) << x;
  }
}

TEST(Rendering, ACloseUpIsSeenWithinTheFrameAlone) {
  constexpr int kWidth = 120, kHeight = 90;
  const InputSettings settings{.long_side = 65, .multiple = 16};
  const std::vector<std::uint8_t> grey(kWidth * kHeight * 3, 128);
  auto data = std::make_shared<Answer::Data>();
  data->picture = *Picture::copy({.pixels = grey.data(), .width = kWidth, .height = kHeight, .stride_bytes = 3 * kWidth});
  data->frame = Frame::of({40, 20, 60, 60}, settings);
  const auto constant = [&](const Frame& frame, float logit) {
    const int width = (frame.width + 1) / 2, height = (frame.height + 1) / 2;
    return FrameMap{width, height, std::vector<float>(static_cast<std::size_t>(width * height), logit)};
  };
  const auto guide = [&](const Frame& frame) {
    return answer_guide(data->picture->resampled(frame.box, frame.width, frame.height));
  };
  set_answer(*data, constant(data->frame, -8), guide(data->frame));
  const Frame close = Frame::of({10, 5, 60, 60}, settings);  // of an earlier frame
  data->close_ups.push_back({.frame = close,
                             .model = coverage_model(constant(close, 8), guide(close)),
                             .share = cv::Mat(close.height, close.width, CV_32F, cv::Scalar(1))});
  const Map map = *Answer(std::move(data)).render();
  for (int y = 0; y < kHeight; ++y)
    for (int x = 0; x < kWidth; ++x) {
      const bool is_in_both = x >= 40 && x < 70 && y >= 20 && y < 65;
      ASSERT_EQ(map.at(x, y), is_in_both ? 1 : 0) << x << ", " << y;
    }
}

TEST(Rendering, OutsideThePictureIsZero) {
  const Answer answer = noisy_answer(100, 80, {{.x = 50, .y = 40}});
  const Map map = *answer.render({-10, -10, 200, 200});
  EXPECT_EQ(map, part(*answer.render(), {-10, -10, 200, 200}));
}

TEST(Rendering, EveryClicksPixelIsOnItsSide) {
  std::mt19937 random(3);
  for (int round = 0; round < 10; ++round) {
    std::vector<Click> clicks;
    for (int i = 0; i < 40; ++i)
      clicks.push_back({.x = static_cast<double>(random() % 123),
                        .y = static_cast<double>(random() % 91),
                        .radius = {},
                        .target = random() % 2 == 0 ? kInclude : kExclude});
    const Answer answer = noisy_answer(123, 91, clicks);
    const Map map = *answer.render();
    for (std::size_t i = 0; i < clicks.size(); ++i)
      if (answer.verdicts()[i].is_satisfied) {
        EXPECT_EQ(to_u8(map.at(static_cast<int>(clicks[i].x), static_cast<int>(clicks[i].y))) >= 128,
                  clicks[i].target == kInclude);
      }
  }
}

TEST(Rendering, ClickIsObeyedWhereThePictureMakesTheValueOvershoot) {
  // two grays whose edge is the object's, and beside it single pixels far darker and lighter than both, which
  // the linear model of the edge sends far below 0 and above 1
  constexpr int kSize = 130;
  std::vector<std::uint8_t> rgb;
  for (int y = 0; y < kSize; ++y)
    for (int x = 0; x < kSize; ++x) {
      int gray = x < kSize / 2 ? 150 : 125;
      if (y == 40 && x == kSize / 2 + 2) gray = 20;
      if (y == 80 && x == kSize / 2 - 3) gray = 250;
      rgb.insert(rgb.end(), 3, static_cast<std::uint8_t>(gray));
    }
  auto data = std::make_shared<Answer::Data>();
  data->picture = *Picture::copy({.pixels = rgb.data(), .width = kSize, .height = kSize, .stride_bytes = 3 * kSize});
  data->frame = Frame::whole(kSize, kSize, {.long_side = 65, .multiple = 16});
  data->clicks = {{.x = kSize / 2 + 2.5, .y = 40.5},
                  {.x = kSize / 2 - 2.5, .y = 80.5, .radius = {}, .target = kExclude}};
  data->verdicts = contradictions(data->clicks);
  FrameMap logits{.width = 33, .height = 33, .values = {}};
  for (int i = 0; i < 33 * 33; ++i) logits.values.push_back(i % 33 < 16 ? 6.0F : -6.0F);
  set_answer(*data, logits,
             answer_guide(data->picture->resampled(data->frame.box, data->frame.width, data->frame.height)));
  const Answer answer(std::move(data));
  EXPECT_EQ(answer.unsatisfied(), 0U);
  EXPECT_GT(answer.render()->at(kSize / 2 + 2, 40), 0.5F);
  EXPECT_LT(answer.render()->at(kSize / 2 - 3, 80), 0.5F);
}

TEST(Rendering, NonsenseIsRefused) {
  const Answer answer = noisy_answer(100, 80, {{.x = 50, .y = 40}});
  EXPECT_FALSE(answer.render({0, 0, -1, 5}));
  EXPECT_FALSE(answer.render({0, 0, 5, 5}, 0));
  EXPECT_FALSE(answer.render({0, 0, 5, 5}, -1));
  EXPECT_FALSE(answer.render({0, 0, 5, 5}, 1e-300));
  EXPECT_EQ(answer.render({std::numeric_limits<int>::max() - 5, 0, 5, 5})->values, std::vector<float>(25));
  EXPECT_FALSE(answer.render({0, 0, 5, 5}, std::numeric_limits<double>::quiet_NaN()));
}

TEST(Rendering, MoreThanTheMemoryIsRefused) {
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "a sanitizer ends the program where new throws";
#endif
  const Answer answer = noisy_answer(100, 80, {{.x = 50, .y = 40}});
  EXPECT_EQ(answer.render({0, 0, 1 << 30, 1 << 30}).error().code, ErrorCode::out_of_memory);
}

TEST(Rendering, DefaultAnswerIsEmpty) {
  const Answer answer;
  EXPECT_EQ(answer.render()->values.size(), 0U);
  EXPECT_EQ(answer.unsatisfied(), 0U);
}

TEST(Rendering, NewestOfContradictingClicksStands) {
  const auto verdicts = contradictions(std::vector<Click>{{.x = 1.2, .y = 1},
                                                          {.x = 1.9, .y = 1.5, .target = kExclude},
                                                          {.x = 1.5, .y = 1.5},
                                                          {.x = 2, .y = 1, .target = kExclude}});
  EXPECT_TRUE(verdicts[0].is_satisfied);
  EXPECT_EQ(verdicts[1].contradicts, 2U);
  EXPECT_TRUE(verdicts[2].is_satisfied);
  EXPECT_TRUE(verdicts[3].is_satisfied);
}

TEST(Rendering, JsonNamesClicksAndWhatBecameOfThem) {
  const Answer answer =
      noisy_answer(100, 80, {{.x = 5.5, .y = 6.5, .radius = 9}, {.x = 5.5, .y = 6.5, .target = kExclude}});
  const auto json = nlohmann::json::parse(answer.to_json());
  EXPECT_EQ(json["width"], 100);
  EXPECT_EQ(json["unsatisfied_clicks"], 1);
  EXPECT_EQ(json["clicks"][0]["contradicts_click"], 1);
  EXPECT_EQ(json["clicks"][0]["radius"], 9);
  EXPECT_EQ(json["clicks"][1]["target"], "-");
}

TEST(Rendering, StartLogitsAreSoftAndBounded) {
  Map coverage{.width = 64, .height = 64, .values = std::vector<float>(64 * 64)};
  for (int i = 0; i < 64 * 64; ++i) coverage.values[static_cast<std::size_t>(i)] = i % 64 < 32 ? 0.0F : 1.0F;
  const FrameMap logits = start_logits(coverage, Frame::whole(64, 64, {.long_side = 65, .multiple = 16}));
  EXPECT_EQ(logits.values[10], -4);
  EXPECT_EQ(logits.values[55], 4);
  EXPECT_NEAR(logits.values[32], 0, 0.5);
}

TEST(Rendering, ResizingToCornersKeepsTheCorners) {
  const FrameMap map{.width = 3, .height = 2, .values = {0, 1, 2, 10, 11, 12}};
  const FrameMap larger = resized_to_corners(map, 5, 3);
  EXPECT_EQ(larger.values, (std::vector<float>{0, 0.5F, 1, 1.5F, 2, 5, 5.5F, 6, 6.5F, 7, 10, 10.5F, 11, 11.5F, 12}));
}

}  // namespace
}  // namespace gbrs
