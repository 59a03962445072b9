// SPDX-License-Identifier: Apache-2.0
#include "imaging/guided_upsampling.hpp"

#include <gtest/gtest.h>

#include <opencv2/core.hpp>

namespace gbrs {
namespace {

float value(const GuidedModel& model, const cv::Mat& guide, int x, int y) {
  const auto& m = model.coefficients.at<cv::Vec4f>(y, x);
  const auto& c = guide.at<cv::Vec3b>(y, x);
  return (m[0] * static_cast<float>(c[0]) + m[1] * static_cast<float>(c[1]) + m[2] * static_cast<float>(c[2])) /
             255.0F +
         m[3];
}

TEST(GuidedUpsampling, ConstantMapStaysConstantWhateverThePicture) {
  cv::Mat guide(30, 40, CV_8UC3);
  cv::randu(guide, 0, 256);
  const auto model = GuidedFilter(guide, 3, 1e-3).fit(cv::Mat(30, 40, CV_32F, 0.7F));
  for (int y = 0; y < 30; ++y)
    for (int x = 0; x < 40; ++x) EXPECT_NEAR(value(model, guide, x, y), 0.7F, 1e-5);
}

TEST(GuidedUpsampling, FlatPictureGivesTheWindowMeanOfMeans) {
  cv::Mat map = cv::Mat::zeros(21, 21, CV_32F);
  map.at<float>(10, 10) = 1;
  const cv::Mat guide(21, 21, CV_8UC3, cv::Scalar(90, 90, 90));
  const auto model = GuidedFilter(guide, 1, 1e-3).fit(map);
  // two passes of the 3 x 3 mean: 9 windows of 9 pixels at the centre, one corner window at distance (2, 2)
  EXPECT_NEAR(value(model, guide, 10, 10), 9.0 / 81, 1e-6);
  EXPECT_NEAR(value(model, guide, 12, 12), 1.0 / 81, 1e-6);
  EXPECT_NEAR(value(model, guide, 13, 13), 0, 1e-6);
}

TEST(GuidedUpsampling, BlurredEdgeSnapsToThePicturesEdge) {
  cv::Mat guide(20, 40, CV_8UC3, cv::Scalar(20, 20, 20));
  guide.colRange(20, 40) = cv::Scalar(230, 200, 180);
  cv::Mat map(20, 40, CV_32F);
  for (int x = 0; x < 40; ++x) map.col(x) = std::clamp((x - 15) / 10.0, 0.0, 1.0);  // a ramp of 10 pixels
  const auto model = GuidedFilter(guide, 4, 1e-3).fit(map);
  const float step = value(model, guide, 20, 10) - value(model, guide, 19, 10);
  EXPECT_GT(step, 0.3);  // the ramp itself rises by 0.1 a pixel
  EXPECT_LT(value(model, guide, 12, 10), 0.1);
  EXPECT_GT(value(model, guide, 28, 10), 0.9);
}

}  // namespace
}  // namespace gbrs
