// SPDX-License-Identifier: Apache-2.0
// Metrics of mattes, depth and classes against numbers of an independent implementation: every case listed in
// tests/data/metrics, or in $GBRS_FIXTURES/metrics where that is there.

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "evaluation/depth_metrics.hpp"
#include "evaluation/matte_metrics.hpp"
#include "evaluation/semantic_metrics.hpp"
#include "support/npy.hpp"
#include "support/oracle.hpp"

namespace gbrs {
namespace {

struct MetricCase {
  std::string name;
  std::filesystem::path folder;
  nlohmann::json settings;
  double relative = 0;  ///< tolerance

  [[nodiscard]] test::Npy read(const std::string& file) const { return test::read_npy(folder / file); }
  void expect_near(double actual, const nlohmann::json& from, const char* member) const {
    const double expected = from.at(member);
    EXPECT_NEAR(actual, expected, relative * std::abs(expected) + 1e-12) << member;
  }
};
void PrintTo(const MetricCase& value, std::ostream* stream) { *stream << value.name; }

std::vector<MetricCase> cases_of(const std::string& kind) {
  const char* fixtures = std::getenv("GBRS_FIXTURES");
  std::filesystem::path folder = std::filesystem::path(fixtures != nullptr ? fixtures : "") / "metrics" / kind;
  if (!std::filesystem::exists(folder / "cases.json")) folder = test::test_data() / "metrics" / kind;
  const auto json = nlohmann::json::parse(std::ifstream(folder / "cases.json"));
  std::vector<MetricCase> cases;
  for (const auto& one : json.at("cases"))
    cases.push_back({one.at("name"), folder, one, json.at("tolerance_relative")});
  return cases;
}

template <class Value>
cv::Mat matrix(const test::Npy& npy) {
  cv::Mat_<Value> result(static_cast<int>(npy.shape.at(0)), static_cast<int>(npy.shape.at(1)));
  std::ranges::transform(npy.values, result.begin(), [](double value) { return static_cast<Value>(value); });
  return result;
}

class MatteMetrics : public testing::TestWithParam<MetricCase> {};

TEST_P(MatteMetrics, AgreeWithTheIndependentImplementation) {
  const MetricCase& one = GetParam();
  const auto image = [&](const char* role) { return matrix<std::uint8_t>(one.read(one.name + role)); };
  const cv::Mat prediction = image("_pred.npy"), truth = image("_gt.npy");
  const auto errors = matte_errors(prediction, truth, image("_trimap.npy"));
  ASSERT_TRUE(errors);
  EXPECT_EQ(errors->unknown_pixels, one.settings.at("unknown_pixels"));
  one.expect_near(errors->sad, one.settings, "sad");
  one.expect_near(errors->mse, one.settings, "mse");
  one.expect_near(errors->grad, one.settings, "grad");
  one.expect_near(errors->conn, one.settings, "conn");
  if (!one.settings.contains("intermediate")) return;
  const auto stored = [&](const char* name) {
    return matrix<double>(one.read(one.settings.at("intermediate").at(name).get<std::string>()));
  };
  cv::Mat level;
  connected_level(prediction, truth).convertTo(level, CV_64F);
  EXPECT_LT(cv::norm(level, stored("conn_lmap"), cv::NORM_INF), 1e-6);
  EXPECT_LT(cv::norm(gradient_magnitude(prediction), stored("gradmag_pred"), cv::NORM_INF), 1e-6);
  EXPECT_LT(cv::norm(gradient_magnitude(truth), stored("gradmag_gt"), cv::NORM_INF), 1e-6);
}

INSTANTIATE_TEST_SUITE_P(Cases, MatteMetrics, testing::ValuesIn(cases_of("matting")), test::CaseName());

TEST(MatteMetrics, TheKernelIsTheStoredOne) {
  const auto stored = test::read_npy(test::test_data() / "metrics/matting/gauss_kernel_hx.npy");
  EXPECT_LT(cv::norm(gradient_kernel(), matrix<double>(stored), cv::NORM_INF), 1e-12);
}

TEST(MatteMetrics, WithoutUnknownPixelsThereIsNothingToMeasure) {
  const cv::Mat image(4, 5, CV_8U, cv::Scalar(200)), known(4, 5, CV_8U, cv::Scalar(255));
  EXPECT_FALSE(matte_errors(image, image, known));
}

/// Every stored value fills a block of the full map.
Map enlarged(const test::Npy& npy, const nlohmann::json& repeat) {
  const int down = repeat.at(0), across = repeat.at(1);
  const auto width = static_cast<int>(npy.shape.at(1));
  Map map{.width = width * across, .height = static_cast<int>(npy.shape.at(0)) * down, .values = {}};
  for (int y = 0; y < map.height; ++y)
    for (int x = 0; x < map.width; ++x)
      map.values.push_back(static_cast<float>(npy.values[static_cast<std::size_t>((y / down) * width + x / across)]));
  return map;
}

class DepthMetrics : public testing::TestWithParam<MetricCase> {};

TEST_P(DepthMetrics, AgreeWithTheIndependentImplementation) {
  const MetricCase& one = GetParam();
  const auto map = [&](const char* role) { return enlarged(one.read(one.name + role), one.settings.at("repeat_y_x")); };
  const std::string crop = one.settings.at("crop");
  const bool is_nyu = one.settings.at("dataset") == "nyu";
  const auto errors = depth_errors(map("_pred.npy"), map("_gt.npy"),
                                   {.min = one.settings.at("min_depth"), .max = one.settings.at("max_depth")},
                                   crop == "garg"   ? DepthCrop::kitti_garg
                                   : crop == "none" ? DepthCrop::none
                                   : is_nyu         ? DepthCrop::nyu_eigen
                                                    : DepthCrop::kitti_eigen);
  ASSERT_TRUE(errors);
  const auto& expected = one.settings.at("expected");
  EXPECT_EQ(errors->pixels, expected.at("valid_pixels"));
  one.expect_near(errors->delta1, expected, "d1");
  one.expect_near(errors->delta2, expected, "d2");
  one.expect_near(errors->delta3, expected, "d3");
  one.expect_near(errors->abs_rel, expected, "abs_rel");
  one.expect_near(errors->sq_rel, expected, "sq_rel");
  one.expect_near(errors->rmse, expected, "rmse");
  one.expect_near(errors->rmse_log, expected, "rmse_log");
  one.expect_near(errors->silog, expected, "silog");
  one.expect_near(errors->log10, expected, "log10");
}

INSTANTIATE_TEST_SUITE_P(Cases, DepthMetrics, testing::ValuesIn(cases_of("depth")), test::CaseName());

TEST(DepthMetrics, ACropOfAnotherSizeStaysInsideTheImage) {
  for (const auto& [width, height] : {std::pair{640, 480}, {30, 20}, {320, 240}}) {
    const Rectangle box = crop_box(DepthCrop::nyu_eigen, width, height);
    EXPECT_GE(box.width, 0);
    EXPECT_GE(box.height, 0);
    EXPECT_LE(box.x + box.width, width);
    EXPECT_LE(box.y + box.height, height);
  }
  EXPECT_EQ(crop_box(DepthCrop::nyu_eigen, 640, 480), (Rectangle{41, 45, 560, 426}));
}

TEST(DepthMetrics, WithoutTruthThereIsNothingToMeasure) {
  const Map prediction{.width = 2, .height = 1, .values = {1, 2}};
  EXPECT_FALSE(depth_errors(prediction, {.width = 2, .height = 1, .values = {0, 10}}));
}

class SemanticMetrics : public testing::TestWithParam<MetricCase> {};

TEST_P(SemanticMetrics, AgreeWithTheIndependentImplementation) {
  const MetricCase& one = GetParam();
  const int classes = one.settings.at("classes");
  const auto labels = [&](int image, const char* role) {
    const auto npy = one.read(one.name + "_" + std::to_string(image) + role);
    return std::vector<int>(npy.values.begin(), npy.values.end());
  };
  ConfusionMatrix all(classes);
  ClassTotals totals;
  for (int image = 0; image < one.settings.at("images"); ++image) {
    ConfusionMatrix own(classes);
    for (auto* matrix : {&own, &all}) matrix->add(labels(image, "_gt.npy"), labels(image, "_pred.npy"));
    EXPECT_NEAR(*own.totals().mean_iou(),
                one.settings.at("per_image_miou").at(static_cast<std::size_t>(image)).get<double>(), one.relative);
    totals.add(own.totals());
  }
  EXPECT_EQ(totals.pixels(), one.settings.at("confusion_sum"));
  const auto& ious = one.settings.at("iou");
  const auto& confusion = one.settings.at("confusion");
  for (int label = 0; label < classes; ++label) {
    const auto& expected = ious.at(static_cast<std::size_t>(label));
    ASSERT_EQ(totals.iou(static_cast<std::size_t>(label)).has_value(), !expected.is_null()) << label;
    if (!expected.is_null()) {
      EXPECT_NEAR(*totals.iou(static_cast<std::size_t>(label)), expected.get<double>(), one.relative) << label;
    }
    for (int other = 0; !confusion.is_null() && other < classes; ++other)
      EXPECT_EQ(all.count(label, other),
                confusion.at(static_cast<std::size_t>(label)).at(static_cast<std::size_t>(other)));
  }
  one.expect_near(*totals.mean_iou(), one.settings, "miou");
  one.expect_near(totals.pixel_accuracy(), one.settings, "pixel_accuracy");
  one.expect_near(totals.mean_class_accuracy(), one.settings, "mean_class_accuracy");
  one.expect_near(totals.frequency_weighted_iou(), one.settings, "fwavacc");
}

INSTANTIATE_TEST_SUITE_P(Cases, SemanticMetrics, testing::ValuesIn(cases_of("semantic")), test::CaseName());

TEST(SemanticMetrics, NothingCountedHasNoMean) {
  ConfusionMatrix none(3);
  none.add(std::vector{255, -1}, std::vector{0, 1});
  EXPECT_EQ(none.totals().pixels(), 0);
  EXPECT_FALSE(none.totals().mean_iou());
  EXPECT_EQ(none.totals().pixel_accuracy(), 0);
}

}  // namespace
}  // namespace gbrs
