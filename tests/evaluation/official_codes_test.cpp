// SPDX-License-Identifier: Apache-2.0
// Clicks, IoU and number of clicks against the official functions of the f-BRS and RITM repositories; the numbers in
// tests/data/interactive were made with those.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "evaluation/clicker.hpp"
#include "evaluation/figures.hpp"
#include "evaluation/metrics.hpp"
#include "support/npy.hpp"
#include "support/oracle.hpp"

namespace gbrs {
namespace {

std::filesystem::path folder() { return test::test_data() / "interactive"; }

nlohmann::json read_json(const char* name) { return nlohmann::json::parse(std::ifstream(folder() / name)); }

Truth read_truth(const std::string& name) {
  const auto npy = test::read_npy(folder() / name);
  Truth truth{.width = static_cast<int>(npy.shape.at(1)), .height = static_cast<int>(npy.shape.at(0)), .labels = {}};
  for (const double value : npy.values) truth.labels.push_back(static_cast<int>(value));
  return truth;
}

std::vector<std::uint8_t> read_prediction(const std::string& name) {
  const auto npy = test::read_npy(folder() / name);
  return {npy.values.begin(), npy.values.end()};
}

/// The rule of the fixtures between two clicks: a disc takes the click's label.
void paint_disc(std::vector<std::uint8_t>& prediction, const Truth& truth, const SimulatedClick& click, int radius) {
  for (int y = 0; y < truth.height; ++y)
    for (int x = 0; x < truth.width; ++x)
      if ((x - click.u) * (x - click.u) + (y - click.v) * (y - click.v) <= radius * radius)
        prediction[static_cast<std::size_t>(y * truth.width + x)] = static_cast<std::uint8_t>(click.label);
}

struct ClickCase {
  std::string name;
  nlohmann::json settings;
};
void PrintTo(const ClickCase& value, std::ostream* stream) { *stream << value.name; }

std::vector<ClickCase> click_cases() {
  std::vector<ClickCase> cases;
  const auto json = read_json("clicks_fbrs.json");
  for (const auto& [name, settings] : json.items()) cases.push_back({name, settings});
  return cases;
}

class OfficialClicks : public testing::TestWithParam<ClickCase> {};

TEST_P(OfficialClicks, PlacesAreEqualAndIousToTwelveDigits) {
  const auto& [name, settings] = GetParam();
  const Truth truth = read_truth(name + "_gt.npy");
  auto prediction = read_prediction(name + "_pred0.npy");
  Clicker clicker(truth, name, {.no_error = ClickRules::NoError::click});
  int number = 0;
  for (const auto& expected : settings.at("clicks")) {
    SCOPED_TRACE(testing::Message() << "click " << ++number);
    const auto click = clicker.next(prediction);
    ASSERT_TRUE(click.has_value());
    EXPECT_EQ(click->v, expected.at("row"));
    EXPECT_EQ(click->u, expected.at("col"));
    EXPECT_EQ(click->label == kObjectLabel, expected.at("positive").get<bool>());
    paint_disc(prediction, truth, *click, settings.at("disk_radius"));
    EXPECT_NEAR(intersection_over_union(prediction, truth), expected.at("iou_after").get<double>(), 1e-12);
  }
}

INSTANTIATE_TEST_SUITE_P(Fixtures, OfficialClicks, testing::ValuesIn(click_cases()), test::CaseName());

TEST(OfficialIou, PairsAgree) {
  const auto expected = read_json("iou_noc.json").at("iou_pairs");
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const Truth truth = read_truth("iou_gt_" + std::to_string(i) + ".npy");
    const auto prediction = read_prediction("iou_pred_" + std::to_string(i) + ".npy");
    EXPECT_NEAR(intersection_over_union(prediction, truth), expected[i].get<double>(), 1e-12) << i;
  }
}

/// NoC of every curve at a threshold.
std::vector<double> nocs(const nlohmann::json& curves, double threshold, int limit) {
  std::vector<double> values;
  for (const auto& curve : curves)
    values.push_back(number_of_clicks(curve.get<std::vector<double>>(), threshold, limit));
  return values;
}

TEST(OfficialNoc, CurvesMeansAndCountsAtTheLimitAgree) {
  const auto json = read_json("iou_noc.json");
  for (std::size_t t = 0; t < 3; ++t) {
    const auto values = nocs(json.at("curves"), json.at("thresholds")[t], 20);
    for (std::size_t i = 0; i < values.size(); ++i) EXPECT_EQ(values[i], json.at("noc_per_curve")[i][t]) << i;
    EXPECT_DOUBLE_EQ(mean(values), json.at("noc_mean")[t]);
    EXPECT_EQ(std::ranges::count(values, 20), json.at("over_max")[t]);
  }
}

TEST(OfficialNoc, ASuccessAfterTheLimitIsNotCut) {
  const auto json = read_json("iou_noc.json");
  const auto& expected = json.at("max_clicks_10");
  for (std::size_t t = 0; t < 3; ++t) {
    const auto values = nocs(json.at("curves"), expected.at("thresholds")[t], 10);
    EXPECT_DOUBLE_EQ(mean(values), expected.at("noc_mean")[t]);
    EXPECT_EQ(std::ranges::count(values, 10), expected.at("over_max")[t]);
  }
}

TEST(OfficialNoc, FiguresOfARunAreTheSame) {
  const auto json = read_json("iou_noc.json");
  std::vector<ObjectResult> results;
  std::vector<double> noc85;
  std::vector<double> noc90;
  for (std::size_t i = 0; i < json.at("curves").size(); ++i) {
    const auto ious = json["curves"][i].get<std::vector<double>>();
    if (ious.size() != 20) continue;
    ObjectResult& result = results.emplace_back();
    result.object = std::to_string(i);
    result.ious = ious;
    noc85.push_back(json.at("noc_per_curve")[i][1]);
    noc90.push_back(json.at("noc_per_curve")[i][2]);
  }
  const CurveFigures figures = curve_figures(results, AucRule::trapezoid);
  EXPECT_DOUBLE_EQ(figures.noc85, mean(noc85));
  EXPECT_DOUBLE_EQ(figures.noc90, mean(noc90));
  EXPECT_EQ(figures.at_limit90, std::ranges::count(noc90, 20));
}

}  // namespace
}  // namespace gbrs
