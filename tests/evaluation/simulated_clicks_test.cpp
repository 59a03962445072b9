// SPDX-License-Identifier: Apache-2.0
#include "evaluation/simulated_clicks.hpp"

#include <gtest/gtest.h>

#include "support/oracle.hpp"

namespace gbrs {
namespace {

/// The oracle's cases of label maps; clicks on values (matting, depth) come with those tasks.
std::vector<test::OracleCase> label_cases() {
  auto cases = test::read_oracle("clicks");
  std::erase_if(cases,
                [](const test::OracleCase& one) { return one.settings.at("kind").get<std::string>() != "labels"; });
  return cases;
}

cv::Mat labels(const test::OracleArray& array) {
  cv::Mat map(static_cast<int>(array.shape.at(0)), static_cast<int>(array.shape.at(1)), CV_32S);
  std::ranges::transform(array.values, map.begin<int>(), [](double value) { return static_cast<int>(value); });
  return map;
}

class SimulatedClickOracle : public testing::TestWithParam<test::OracleCase> {};

TEST_P(SimulatedClickOracle, PlaceLabelDepthAndRadiusAgree) {
  const auto& settings = GetParam().settings;
  const auto click = simulate_click(labels(GetParam().at("pred")), labels(GetParam().at("gt")),
                                    {.ignored_label = settings.at("ignore"),
                                     .connectivity = settings.at("connectivity"),
                                     .border_counts = settings.at("border_counts")});
  const auto& expected = settings.at("expect");
  ASSERT_EQ(click.has_value(), !expected.is_null());
  if (!click) return;
  EXPECT_EQ(click->u, expected.at("u"));
  EXPECT_EQ(click->v, expected.at("v"));
  EXPECT_EQ(click->label, expected.at("label"));
  EXPECT_EQ(click->squared_depth, expected.at("d2"));
  EXPECT_NEAR(click->radius, expected.at("r").get<double>(), 1e-6);
}

INSTANTIATE_TEST_SUITE_P(Oracle, SimulatedClickOracle, testing::ValuesIn(label_cases()), test::CaseName());

TEST(SimulatedClick, DepthIsExactOnALargeImage) {
  const cv::Mat truth(1001, 1501, CV_32S, cv::Scalar(1));
  const cv::Mat prediction = cv::Mat::zeros(truth.size(), CV_32S);
  const auto click = simulate_click(prediction, truth);
  EXPECT_EQ(click->squared_depth, 501LL * 501);
  EXPECT_EQ(click->v, 500);
  EXPECT_EQ(click->u, 500);
  EXPECT_DOUBLE_EQ(click->radius, std::hypot(1000, 500));
}

}  // namespace
}  // namespace gbrs
