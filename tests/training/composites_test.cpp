// SPDX-License-Identifier: Apache-2.0
// Mattes to train on: generated objects, one over another, trimaps, and composites of files.

#include "training/composites.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <opencv2/imgproc.hpp>

#include "support/temporary_folder.hpp"
#include "training/cutouts.hpp"
#include "training/ellipses.hpp"
#include "training/generated_layers.hpp"

namespace gbrs::test {
namespace {

cv::Mat texture() {
  cv::Mat result(80, 100, CV_8UC3);
  for (int y = 0; y < result.rows; ++y)
    for (int x = 0; x < result.cols; ++x)
      result.at<cv::Vec3b>(y, x) = cv::Vec3b(static_cast<std::uint8_t>(2 * x), static_cast<std::uint8_t>(3 * y), 90);
  return result;
}

double partly_covered(const cv::Mat& coverage) {
  return static_cast<double>(cv::countNonZero((coverage > 20) & (coverage < 235))) /
         static_cast<double>(coverage.total());
}

TEST(GeneratedLayers, EveryKindHasMorePartialCoverageThanABodyWithSharpEdges) {
  for (const std::string_view kind : kGeneratedKinds) {
    double sum = 0;
    for (std::uint64_t seed = 0; seed < 12; ++seed) {
      Random random{seed};
      const MatteLayer layer = generated_layer(kind, texture(), random);
      ASSERT_EQ(layer.coverage.type(), CV_8UC1);
      ASSERT_EQ(layer.coverage.size(), texture().size());
      ASSERT_EQ(layer.colours.type(), CV_8UC3);
      ASSERT_EQ(layer.colours.size(), texture().size());
      sum += partly_covered(layer.coverage);
    }
    // an outline across such a crop has some 100 of 8000 pixels
    EXPECT_GT(sum / 12, 0.025) << kind;
  }
}

TEST(GeneratedLayers, TheSameRandomNumbersGiveTheSameObject) {
  for (const std::string_view kind : kGeneratedKinds) {
    Random one{4}, same{4}, other{5};
    const MatteLayer first = generated_layer(kind, texture(), one), again = generated_layer(kind, texture(), same);
    EXPECT_EQ(cv::norm(first.coverage, again.coverage), 0) << kind;
    EXPECT_EQ(cv::norm(first.colours, again.colours), 0) << kind;
    EXPECT_GT(cv::norm(first.coverage, generated_layer(kind, texture(), other).coverage), 0) << kind;
  }
}

TEST(Composites, OneObjectOverAnotherLooksLikeBothPastedOneAfterTheOther) {
  Random random{1};
  const MatteLayer back = generated_layer("blur", texture(), random),
                   front = generated_layer("glass", texture(), random);
  const cv::Mat behind(texture().size(), CV_8UC3, cv::Scalar(30, 200, 120));
  cv::Mat expected = behind.clone(), found = behind.clone();
  paste(expected, back.colours, back.coverage);
  paste(expected, front.colours, front.coverage);
  const MatteLayer both = over(front, back);
  paste(found, both.colours, both.coverage);
  EXPECT_LE(cv::norm(found, expected, cv::NORM_INF), 3);  // coverage and colours of 8 bits
}

TEST(Composites, TrimapsKnowNothingThatIsPartlyCoveredOrTooNear) {
  cv::Mat alpha = cv::Mat::zeros(90, 120, CV_8UC1);
  cv::circle(alpha, {60, 45}, 25, cv::Scalar(255), cv::FILLED);
  cv::GaussianBlur(alpha, alpha, {}, 2);
  const cv::Mat partly = (alpha > 3) & (alpha < 252);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random random{seed};
    const cv::Mat trimap = draw_trimap({.width = {4, 9}, .patches = 0}, alpha, random);
    const cv::Mat unknown = trimap == 128;
    cv::Mat near, far;
    cv::dilate(partly, near, cv::getStructuringElement(cv::MORPH_ELLIPSE, {7, 7}));
    cv::dilate(partly, far, cv::getStructuringElement(cv::MORPH_ELLIPSE, {21, 21}));
    EXPECT_EQ(cv::countNonZero(near & ~unknown), 0);
    EXPECT_EQ(cv::countNonZero(unknown & ~far), 0);
    EXPECT_EQ(cv::countNonZero((trimap == 255) & (alpha < 252)), 0);
    EXPECT_EQ(cv::countNonZero((trimap == 0) & (alpha > 3)), 0);
    EXPECT_EQ(cv::countNonZero(unknown) + cv::countNonZero(trimap == 255) + cv::countNonZero(trimap == 0), 90 * 120);
  }
  Random random{3};
  const cv::Mat patched = draw_trimap({.width = {4, 4}, .patches = 1}, cv::Mat::zeros(90, 120, CV_8UC1), random);
  EXPECT_GT(cv::countNonZero(patched == 128), 40);
}

/// "Files" of red cut-outs, ellipses with soft edges that depend on the name, and of blue pictures.
class CoverageFiles final : public ImageFiles {
 public:
  Expected<DecodedImage> read_colours(const std::filesystem::path& path) override {
    const bool is_cutout = path.parent_path().filename() == "fg";
    return decoded(cv::Mat(80, 96, CV_8UC3, is_cutout ? cv::Scalar(255, 0, 0) : cv::Scalar(0, 0, 255)));
  }
  Expected<DecodedImage> read_labels(const std::filesystem::path& path) override {
    const int number = std::stoi(path.stem().string());
    cv::Mat coverage = ellipse({96, 80}, {48, 40}, {14 + 3 * number, 12 + number}).truth * 255;
    cv::GaussianBlur(coverage, coverage, {}, 1 + number % 3);
    return decoded(coverage);
  }
};

/// Cut-outs and backgrounds whose files have empty contents.
class CompositesOfFiles : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* kind : {"cut/fg", "cut/alpha", "set"}) {
      std::filesystem::create_directories(folder_.path() / kind);
      for (int i = 0; i < 6; ++i) std::ofstream(folder_.path() / kind / (std::to_string(i) + ".png"));
    }
  }
  Composites open(const std::string& more) {
    auto recipe = parse_recipe(R"({"architecture": "matte-mnv2", "samples": 1,
      "data": [{"cutouts": "cut", "backgrounds": ["set"]}])" +
                                   more + "}",
                               Task::matte);
    EXPECT_TRUE(recipe) << recipe.error().message;
    auto composites = Composites::open(*recipe, {.root = folder_.path(), .held_out = 0}, files_);
    EXPECT_TRUE(composites);
    return std::move(*composites);
  }

  TemporaryFolder folder_;
  CoverageFiles files_;
};

TEST_F(CompositesOfFiles, ColoursAreThoseOfObjectAndBackgroundInProportion) {
  const Composites composites = open(R"(, "composites": {"light": 0},
    "appearance": {"colours": 0, "gray": 0, "blur": 0, "coarsening": 0, "noise": 0})");
  EXPECT_EQ(composites.picture_count(), 6U);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random random{seed};
    const auto sample = composites.draw({65, 49}, random);
    ASSERT_TRUE(sample);
    ASSERT_EQ(sample->alpha.size(), cv::Size(65, 49));
    EXPECT_GE(cv::countNonZero(sample->trimap == 128), Composites::kLeastUnknown * 65 * 49);
    EXPECT_EQ(cv::countNonZero((sample->trimap == 255) & (sample->alpha < 252)), 0);
    std::vector<cv::Mat> channels;
    cv::split(sample->picture, channels);
    EXPECT_LE(cv::norm(channels[0], sample->alpha, cv::NORM_INF), 1);
    EXPECT_LE(cv::norm(channels[2], 255 - sample->alpha, cv::NORM_INF), 1);
    EXPECT_EQ(cv::norm(sample->contrast, cv::Mat(sample->contrast.size(), CV_8UC1, cv::Scalar(170)), cv::NORM_INF), 0);
  }
}

TEST_F(CompositesOfFiles, DrawsAgainWhatItDrew) {
  const Composites composites = open("");
  Random one{7}, same{7}, other{8};
  const auto first = composites.draw({65, 49}, one), again = composites.draw({65, 49}, same),
             next = composites.draw({65, 49}, other);
  ASSERT_TRUE(first && again && next);
  EXPECT_EQ(cv::norm(first->picture, again->picture), 0);
  EXPECT_EQ(cv::norm(first->trimap, again->trimap), 0);
  EXPECT_GT(cv::norm(first->picture, next->picture), 0);
}

}  // namespace
}  // namespace gbrs::test
