// SPDX-License-Identifier: Apache-2.0
#include "session/matte_frame.hpp"

#include <gtest/gtest.h>

#include <opencv2/core.hpp>

namespace gbrs {
namespace {

const InputSettings kSettings{.long_side = 512, .multiple = 32, .rest = 0};

Frame frame_of(int width, int height, cv::Rect unknown) {
  Trimap trimap{width, height, std::vector<std::uint8_t>(static_cast<std::size_t>(width * height))};
  cv::Mat(height, width, CV_8U, trimap.codes.data())(unknown).setTo(Trimap::kUnknown);
  return matte_frame(trimap, width, height, kSettings);
}

bool holds(const Rectangle& box, const cv::Rect& part) {
  return box.x <= part.x && box.y <= part.y && box.x + box.width >= part.x + part.width &&
         box.y + box.height >= part.y + part.height;
}

TEST(MatteFrame, ShowsWhatIsUnknownAtThePicturesOwnScale) {
  const cv::Rect unknown(700, 500, 200, 150);
  const Frame frame = frame_of(4000, 3000, unknown);
  EXPECT_TRUE(holds(frame.box, {700 - 32, 500 - 32, 200 + 64, 150 + 64}));
  EXPECT_EQ(frame.scale_x(), 1);
  EXPECT_EQ(frame.scale_y(), 1);
  EXPECT_LE(frame.width, 512);
  EXPECT_EQ(frame.width % 32, 0);
}

TEST(MatteFrame, StaysInThePicture) {
  for (const cv::Rect unknown : {cv::Rect(0, 0, 10, 10), cv::Rect(990, 740, 10, 10), cv::Rect(0, 700, 1000, 50)}) {
    const Frame frame = frame_of(1000, 750, unknown);
    EXPECT_TRUE(holds(frame.box, unknown));
    EXPECT_TRUE(holds({0, 0, 1000, 750}, {frame.box.x, frame.box.y, frame.box.width, frame.box.height}));
  }
}

TEST(MatteFrame, IsNoLargerThanTheNetworkTakes) {
  const Frame frame = frame_of(4000, 3000, {500, 500, 3000, 2000});
  EXPECT_EQ(frame.width, 512);
  EXPECT_TRUE(holds(frame.box, {500, 500, 3000, 2000}));
  EXPECT_NEAR(frame.scale_x(), frame.scale_y(), 0.01);
}

TEST(MatteFrame, DoesNotEnlargeASmallPicture) {
  const Frame frame = frame_of(120, 90, {20, 20, 80, 50});
  EXPECT_EQ(frame.box, (Rectangle{0, 0, 120, 90}));
  EXPECT_EQ(frame.width, 128) << "the nearest multiple";
  EXPECT_EQ(frame.height, 96);
}

}  // namespace
}  // namespace gbrs
