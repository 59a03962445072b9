// SPDX-License-Identifier: Apache-2.0
// What a session does not take: pictures, starts, clicks, models.

#include <gtest/gtest.h>

#include <filesystem>
#include <limits>

#include "session/small_session.hpp"

namespace gbrs {
namespace {

using test::DiscPicture;
using test::model;
using test::open;

TEST(Session, ATaskThatSessionsDoNotKnowIsRefused) {
  const DiscPicture picture(60, 40);
  const test::SmallFrameModel other(129, "normals");
  const auto session = Session::create(*other, picture.view());
  ASSERT_FALSE(session);
  EXPECT_EQ(session.error().code, ErrorCode::unsupported);
  EXPECT_NE(session.error().message.find("normals"), std::string::npos) << session.error().message;
}

TEST(Session, BadClicksAreRefusedAndChangeNothing) {
  const DiscPicture picture(60, 40);
  Session session = open(picture);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const Click& click :
       {Click{.x = -0.1, .y = 5}, Click{.x = 60, .y = 5}, Click{.x = 5, .y = 40}, Click{.x = nan, .y = 5},
        Click{.x = 5, .y = std::numeric_limits<double>::infinity()}, Click{.x = 5, .y = 5, .radius = -1},
        Click{.x = 5, .y = 5, .radius = nan}, Click{.x = 5, .y = 5, .radius = {}, .target = 0.5},
        Click{.x = 5, .y = 5, .radius = {}, .target = 1, .mode = ClickMode::push},
        Click{.x = 5, .y = 5, .radius = {}, .target = 1, .same_as = Place{1, 1}}}) {
    const auto result = session.add(click);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::invalid_argument);
  }
  ASSERT_TRUE(session.add({.x = 5, .y = 5}));
  EXPECT_FALSE(session.move(0, 70, 5));
  EXPECT_FALSE(session.move(1, 7, 5));
  EXPECT_FALSE(session.remove(1));
  EXPECT_EQ(session.clicks().size(), 1U);
}

TEST(Session, BadPicturesAreRefused) {
  const DiscPicture picture(60, 40);
  ImageView view = picture.view();
  view.width = 1;
  view.height = 1;
  EXPECT_EQ(Session::create(model(), view).error().code, ErrorCode::invalid_argument);
  view = picture.view();
  view.stride_bytes = 10;
  EXPECT_EQ(Session::create(model(), view).error().code, ErrorCode::invalid_argument);
  view = {.pixels = picture.rgb.data(), .width = 30'000, .height = 20'000, .stride_bytes = 90'000};
  const auto huge = Session::create(model(), view);
  ASSERT_FALSE(huge);
  EXPECT_NE(huge.error().message.find("600 megapixels"), std::string::npos) << huge.error().message;
}

TEST(Session, BadStartMapsAreRefused) {
  const DiscPicture picture(60, 40);
  const std::size_t pixels = 60 * 40;
  const auto result = [&](int width, std::size_t values, float value) {
    const auto start = std::make_shared<const Map>(width, 40, std::vector<float>(values, value));
    return Session::create(model(), picture.view(), {.start = start});
  };
  EXPECT_TRUE(result(60, pixels, 0.5F));
  EXPECT_EQ(result(61, 61 * 40, 0.5F).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(result(60, 0, 0.5F).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(result(60, pixels, std::numeric_limits<float>::quiet_NaN()).error().code, ErrorCode::invalid_argument);
}

TEST(Session, DamagedWeightsAreAnErrorOfWait) {
  const test::TemporaryFolder folder;
  const auto shipped = Model::open("segment-small")->info().folder;
  std::filesystem::copy_file(shipped / "manifest.json", folder.path() / "manifest.json");
  std::filesystem::copy_file(shipped / "weights.safetensors", folder.path() / "weights.safetensors");
  std::filesystem::resize_file(folder.path() / "weights.safetensors", 100'000);
  const DiscPicture picture(60, 40);
  auto session = Session::create(*Model::open(folder.path().string()), picture.view());
  ASSERT_TRUE(session->add(picture.on_object()));
  const auto answer = session->wait();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::damaged) << answer.error().message;
  EXPECT_TRUE(session->error());
  EXPECT_EQ(session->clicks().size(), 1U);
}

}  // namespace
}  // namespace gbrs
