// SPDX-License-Identifier: Apache-2.0
#include "evaluation/simulated_clicks.hpp"

#include <gtest/gtest.h>

#include "support/oracle.hpp"

namespace gbrs {
namespace {

std::vector<test::OracleCase> cases_of(const char* kind) {
  auto cases = test::read_oracle("clicks");
  std::erase_if(cases, [&](const test::OracleCase& one) { return one.settings.at("kind") != kind; });
  return cases;
}

template <class Value>
cv::Mat map(const test::OracleArray& array) {
  cv::Mat_<Value> map(static_cast<int>(array.shape.at(0)), static_cast<int>(array.shape.at(1)));
  std::ranges::transform(array.values, map.begin(), [](double value) { return static_cast<Value>(value); });
  return map;
}

class SimulatedClickOracle : public testing::TestWithParam<test::OracleCase> {
 protected:
  [[nodiscard]] static SimulationRules rules() {
    const auto& settings = GetParam().settings;
    return {.ignored_label = settings.value("ignore", 255),
            .connectivity = settings.at("connectivity"),
            .border_counts = settings.at("border_counts"),
            .dilation = settings.value("kernel", 15)};
  }
  /// Whether there is a click to compare further.
  static bool agrees(const std::optional<SimulatedClick>& click) {
    const auto& expected = GetParam().settings.at("expect");
    EXPECT_EQ(click.has_value(), !expected.is_null());
    if (!click || expected.is_null()) return false;
    EXPECT_EQ(click->u, expected.at("u"));
    EXPECT_EQ(click->v, expected.at("v"));
    EXPECT_EQ(click->squared_depth, expected.at("d2"));
    EXPECT_NEAR(click->radius, expected.at("r").get<double>(), 1e-6);
    return true;
  }
};

TEST_P(SimulatedClickOracle, PlaceLabelDepthAndRadiusAgree) {
  const auto click = simulate_click(map<int>(GetParam().at("pred")), map<int>(GetParam().at("gt")), rules());
  if (agrees(click)) {
    EXPECT_EQ(click->label, GetParam().settings.at("expect").at("label"));
  }
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(SimulatedClickOracle);  // a folder may lack the kind
INSTANTIATE_TEST_SUITE_P(Oracle, SimulatedClickOracle, testing::ValuesIn(cases_of("labels")), test::CaseName());

class ValueClickOracle : public SimulatedClickOracle {};

TEST_P(ValueClickOracle, PlaceValueSignDepthAndRadiusAgree) {
  const auto click = simulate_value_click(map<double>(GetParam().at("pred")), map<double>(GetParam().at("gt")),
                                          map<std::uint8_t>(GetParam().at("valid")), rules());
  if (agrees(click)) {
    EXPECT_EQ(click->label, GetParam().settings.at("expect").at("sign"));
    EXPECT_EQ(click->value, GetParam().settings.at("expect").at("label"));
  }
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ValueClickOracle);  // a folder may lack the kind
INSTANTIATE_TEST_SUITE_P(Oracle, ValueClickOracle, testing::ValuesIn(cases_of("values")), test::CaseName());

TEST(SimulatedValueClick, FourConnectedErrorsEndAtACorner) {
  // two squares that touch at a corner; a kernel of 1 leaves them as they are
  const cv::Mat prediction = cv::Mat::zeros(12, 12, CV_64F);
  cv::Mat truth = prediction.clone();
  truth(cv::Rect(1, 1, 5, 5)) = 1;
  truth(cv::Rect(6, 6, 3, 3)) = 1;
  const cv::Mat valid(truth.size(), CV_8U, cv::Scalar(1));
  const auto click = [&](int connectivity) {
    return *simulate_value_click(prediction, truth, valid, {.connectivity = connectivity, .dilation = 1});
  };
  EXPECT_EQ(click(4).u, 3);
  EXPECT_EQ(click(4).v, 3);
  EXPECT_DOUBLE_EQ(click(4).radius, std::hypot(2, 2));
  EXPECT_DOUBLE_EQ(click(8).radius, std::hypot(5, 5));
}

TEST(SimulatedValueClick, WithoutTheBorderAnErrorEverywhereIsClickedAtItsFirstPixel) {
  const cv::Mat prediction = cv::Mat::zeros(6, 8, CV_64F);
  cv::Mat truth(prediction.size(), CV_64F, cv::Scalar(2));
  truth.at<double>(5, 7) = 0.5;  // below the threshold
  const cv::Mat valid(truth.size(), CV_8U, cv::Scalar(1));
  const auto click = *simulate_value_click(prediction, truth, valid, {.border_counts = false});
  EXPECT_EQ(click.u, 0);
  EXPECT_EQ(click.v, 0);
  EXPECT_EQ(click.squared_depth, 49 + 25);
}

TEST(SimulatedValueClick, PixelsWithoutTruthAreNoErrorWhateverTheyHold) {
  cv::Mat prediction = cv::Mat::zeros(6, 8, CV_64F);
  cv::Mat truth = prediction.clone();
  truth(cv::Rect(0, 0, 4, 6)) = std::nan("");
  truth.at<double>(3, 6) = -1;
  const cv::Mat valid = truth == truth;
  const auto click = *simulate_value_click(prediction, truth, valid);
  EXPECT_EQ(click.u, 6);
  EXPECT_EQ(click.v, 3);
  EXPECT_EQ(click.label, -1);
  EXPECT_EQ(click.value, -1);
}

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
