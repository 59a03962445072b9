// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/coverage.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "gbrs/gbrs.hpp"

namespace gbrs::plugin {
namespace {

Coverage bytes(int width, int height, std::vector<std::uint8_t> values) { return {width, height, std::move(values)}; }

TEST(Coverage, OperationsCombineNumberByNumber) {
  const Coverage existing = bytes(2, 2, {0, 200, 255, 100});
  const auto combined = [&](Operation operation) {
    Coverage answer = bytes(2, 2, {10, 100, 255, 30});
    combine(answer, existing, 0, operation);
    return std::get<std::vector<std::uint8_t>>(answer.samples);
  };
  EXPECT_EQ(combined(Operation::replace), (std::vector<std::uint8_t>{10, 100, 255, 30}));
  EXPECT_EQ(combined(Operation::add), (std::vector<std::uint8_t>{10, 200, 255, 100}));
  EXPECT_EQ(combined(Operation::subtract), (std::vector<std::uint8_t>{0, 155, 0, 100}));
  EXPECT_EQ(combined(Operation::intersect), (std::vector<std::uint8_t>{0, 100, 255, 30}));
}

TEST(Coverage, SubtractingFloatsTakesTheRest) {
  Coverage answer{1, 1, std::vector<float>{0.75F}};
  combine(answer, {1, 1, std::vector<float>{1.0F}}, 0, Operation::subtract);
  EXPECT_EQ(std::get<std::vector<float>>(answer.samples)[0], 0.25F);
}

TEST(Coverage, ABandMeetsItsOwnRowsOnly) {
  Coverage answer = bytes(2, 3, {1, 2, 3, 4, 5, 6});
  combine(answer, bytes(2, 1, {0, 9}), 1, Operation::add);
  EXPECT_EQ(answer, bytes(2, 3, {1, 2, 3, 9, 5, 6}));
}

// A session without clicks answers with the map it started from: here a ramp taller than one band.
class RenderedRamp : public testing::Test {
 protected:
  static constexpr int kWidth = 2048;
  static constexpr int kHeight = 700;

  static const Answer& answer() {
    static const Answer instance = [] {
      SessionOptions options;
      Map start{kWidth, kHeight, {}};
      for (int i = 0; i < kWidth * kHeight; ++i)
        start.values.push_back(static_cast<float>(i % 1001) / 1000.0F);
      options.start = std::make_shared<const Map>(std::move(start));
      const std::vector<std::uint8_t> pixels(static_cast<std::size_t>(kWidth) * kHeight * 3, 128);
      const ImageView image{.pixels = pixels.data(), .width = kWidth, .height = kHeight, .stride_bytes = kWidth * 3};
      auto session = Session::create(*Model::open("segment-small"), image, std::move(options));
      const auto waited = session->wait();
      EXPECT_TRUE(waited) << waited.error().message;
      return *waited;
    }();
    return instance;
  }

  static float expected(std::size_t i) { return static_cast<float>(i % 1001) / 1000.0F; }

  template <class Sample>
  static std::vector<Sample> rendered(Depth depth) {
    const auto coverage = render_coverage(answer(), depth);
    EXPECT_TRUE(coverage);
    EXPECT_EQ(coverage->depth(), depth);
    return std::get<std::vector<Sample>>(coverage->samples);
  }
};

TEST_F(RenderedRamp, EightAndSixteenBitsAreTheLibrarysOwnRounding) {
  const auto u8 = rendered<std::uint8_t>(Depth::u8);
  const auto u16 = rendered<std::uint16_t>(Depth::u16);
  ASSERT_EQ(u8.size(), static_cast<std::size_t>(kWidth) * kHeight);
  for (std::size_t i = 0; i < u8.size(); ++i) {
    ASSERT_EQ(u8[i], to_u8(expected(i))) << i;
    ASSERT_EQ(u16[i], to_u16(expected(i))) << i;
  }
}

TEST_F(RenderedRamp, FloatsAreKeptAndThirtyTwoBitsAreTheirNearest) {
  const auto f32 = rendered<float>(Depth::f32);
  const auto u32 = rendered<std::uint32_t>(Depth::u32);
  for (std::size_t i = 0; i < f32.size(); ++i) {
    ASSERT_EQ(f32[i], expected(i)) << i;
    ASSERT_NEAR(u32[i], static_cast<double>(expected(i)) * 4294967295.0, 0.51) << i;
  }
}

TEST_F(RenderedRamp, StoppingIsAnError) {
  std::stop_source source;
  source.request_stop();
  EXPECT_FALSE(render_coverage(answer(), Depth::u8, {}, source.get_token()));
}

TEST_F(RenderedRamp, ProgressGrowsToTheWhole) {
  std::vector<double> told;
  ASSERT_TRUE(render_coverage(answer(), Depth::u8, {}, {}, [&](double share) { told.push_back(share); }));
  ASSERT_GT(told.size(), 1U);
  EXPECT_TRUE(std::ranges::is_sorted(told));
  EXPECT_GT(told.front(), 0.0);
  EXPECT_EQ(told.back(), 1.0);
}

TEST_F(RenderedRamp, AdjustmentsAreTheOnesOfTheWholeMapAtOnce) {
  const Adjustments adjustments{.grow = 2, .feather = 5, .contrast = 30};
  Map whole{kWidth, kHeight, {}};
  for (std::size_t i = 0; i < static_cast<std::size_t>(kWidth) * kHeight; ++i) whole.values.push_back(expected(i));
  adjust(whole, adjustments, 1);
  const auto coverage = render_coverage(answer(), Depth::f32, adjustments);
  ASSERT_TRUE(coverage);
  const auto& values = std::get<std::vector<float>>(coverage->samples);
  for (std::size_t i = 0; i < values.size(); ++i) ASSERT_NEAR(values[i], whole.values[i], 1e-5) << i;
}

}  // namespace
}  // namespace gbrs::plugin
