// SPDX-License-Identifier: Apache-2.0
#include "training/next_click.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "evaluation/simulated_clicks.hpp"
#include "training/ellipses.hpp"

namespace gbrs::test {
namespace {

TEST(NextClick, AgreesWithTheClicksThatEvaluationSimulates) {
  const bool holds = rc::check("place, side and reach", [] {
    Random random{*rc::gen::arbitrary<std::uint64_t>()};
    const auto blob = [&] {
      return ellipse({81, 61}, {static_cast<int>(random.below(81)), static_cast<int>(random.below(61))},
                     {4 + static_cast<int>(random.below(20)), 4 + static_cast<int>(random.below(20))},
                     random.between(0, 180))
          .truth;
    };
    cv::Mat truth = blob() | blob();
    truth.setTo(kIgnored, blob());
    const cv::Mat answer = blob() | blob();
    const auto found = next_click(answer, truth, 0, random);
    cv::Mat labels, found_labels;
    truth.convertTo(labels, CV_32S);
    answer.convertTo(found_labels, CV_32S);
    const auto expected = simulate_click(found_labels, labels);
    RC_ASSERT(found.has_value() == expected.has_value());
    if (!found) return;
    RC_ASSERT(found->u == expected->u);
    RC_ASSERT(found->v == expected->v);
    RC_ASSERT(found->is_object == (expected->label == 1));
    RC_ASSERT(std::abs(found->reach - expected->radius) < 1e-9);
  });
  EXPECT_TRUE(holds);
}

TEST(NextClick, RandomPlacesAreInTheDeeperHalfOfTheError) {
  const cv::Mat truth = ellipse({101, 101}, {50, 50}, {30, 30}).truth;
  const cv::Mat nothing = cv::Mat::zeros(truth.size(), CV_8UC1);
  double farthest = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Random random{seed};
    const auto click = next_click(nothing, truth, 1, random);
    ASSERT_TRUE(click);
    EXPECT_TRUE(click->is_object);
    const double distance = std::hypot(click->u - 50, click->v - 50);
    EXPECT_LE(distance, 16);  // depth is at least half of about 31
    EXPECT_NEAR(click->reach, distance + 30, 1.5);
    farthest = std::max(farthest, distance);
  }
  EXPECT_GT(farthest, 10);
}

TEST(NextClick, NothingWrongGivesNone) {
  const cv::Mat truth = ellipse({41, 41}, {20, 20}, {9, 5}).truth;
  Random random{1};
  EXPECT_FALSE(next_click(truth, truth, 0.5, random));
  cv::Mat ignored = truth.clone();
  ignored.setTo(kIgnored, truth == kObject);
  EXPECT_FALSE(next_click(truth, ignored, 0.5, random));
}

}  // namespace
}  // namespace gbrs::test
