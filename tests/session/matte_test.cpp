// SPDX-License-Identifier: Apache-2.0
// Sessions of mattes, with a real network of generated weights.
#include <gtest/gtest.h>

#include <algorithm>
#include <stop_token>

#include "gbrs/session.hpp"
#include "session/matte_model.hpp"
#include "session/pictures.hpp"

namespace gbrs {
namespace {

constexpr int kWidth = 96, kHeight = 64;

const test::DiscPicture& picture() {
  static const test::DiscPicture instance(kWidth, kHeight);
  return instance;
}

const Model& model() {
  static const test::MatteModel instance(96);
  return *instance;
}

/// 1 inside of the disc, 0 outside, 0.5 within `band` pixels of its edge.
Map trimap(double band = 6) {
  Map map{kWidth, kHeight, {}};
  for (int y = 0; y < kHeight; ++y)
    for (int x = 0; x < kWidth; ++x) {
      const double inwards = picture().radius - std::hypot(x + 0.5 - picture().centre_x, y + 0.5 - picture().centre_y);
      map.values.push_back(inwards > band ? 1.0F : inwards < -band ? 0.0F : 0.5F);
    }
  return map;
}

/// A matte with detail that no network gives.
Map striped_matte() {
  Map map = trimap();
  for (int i = 0; i < kWidth * kHeight; ++i)
    if (float& value = map.values[static_cast<std::size_t>(i)]; value == 0.5F) value += i % 3 == 0 ? 0.25F : -0.125F;
  return map;
}

SessionOptions options() {
  return {.method = {.iterations = 3}, .trimap = std::make_shared<const Trimap>(*trimap_from(trimap()))};
}

Session open(SessionOptions options) {
  auto session = Session::create(model(), picture().view(), std::move(options));
  EXPECT_TRUE(session) << session.error().message;
  return std::move(*session);
}

std::string fault(SessionOptions options) {
  const auto session = Session::create(model(), picture().view(), std::move(options));
  return session ? "" : session.error().message;
}

void expect_known_kept(const Map& alpha) {
  const Map known = trimap();
  for (std::size_t i = 0; i < known.values.size(); ++i) {
    if (known.values[i] != 0.5F) {
      ASSERT_EQ(alpha.values[i], known.values[i]) << i;
    }
    ASSERT_GE(alpha.values[i], 0);
    ASSERT_LE(alpha.values[i], 1);
  }
}

/// On the edge of the disc.
Click on_edge(double target) {
  return {.x = picture().centre_x + picture().radius + 0.5, .y = picture().centre_y + 0.5, .target = target};
}

TEST(Matte, KeepsWhatIsKnown) {
  Session session = open(options());
  const auto first = session.wait();
  ASSERT_TRUE(first) << first.error().message;
  expect_known_kept(*first->render());
  ASSERT_TRUE(session.add(on_edge(0.75)));
  const auto answer = session.wait();
  ASSERT_TRUE(answer) << answer.error().message;
  expect_known_kept(*answer->render());
  EXPECT_EQ(answer->steps()[0].iterations, 3);
}

TEST(Matte, ClicksAreObeyed) {
  Session session = open(options());
  const Click edge = on_edge(0.75);
  const Click like_the_ground{.x = 22.5, .y = 32.5, .same_as = Place{2.5, 2.5}};
  const Click like_the_edge{.x = 38.5, .y = 49.5, .same_as = Place{edge.x, edge.y}};
  for (const Click& click : {edge, like_the_ground, like_the_edge}) {
    ASSERT_EQ(trimap().at(static_cast<int>(click.x), static_cast<int>(click.y)), 0.5F);
    ASSERT_TRUE(session.add(click));
    ASSERT_TRUE(session.wait());
  }
  const Map alpha = *session.answer().render();
  EXPECT_EQ(session.answer().unsatisfied(), 0U);
  EXPECT_NEAR(alpha.at(static_cast<int>(edge.x), static_cast<int>(edge.y)), 0.75, 0.002);
  EXPECT_NEAR(alpha.at(22, 32), 0, 0.002);
  EXPECT_NEAR(alpha.at(38, 49), 0.75, 0.002);
}

TEST(Matte, APushMovesTheAnswer) {
  Session session = open(options());
  Click push = on_edge(kRaise);
  push.mode = ClickMode::push;
  const auto at_click = [&] {
    return session.wait()->render()->at(static_cast<int>(push.x), static_cast<int>(push.y));
  };
  const float own = at_click();
  ASSERT_TRUE(session.add(push));
  const float raised = at_click();
  EXPECT_TRUE(raised > own || own == 1);
  ASSERT_TRUE(session.undo());
  push.target = kLower;
  ASSERT_TRUE(session.add(push));
  EXPECT_TRUE(at_click() < own || own == 0);
  EXPECT_EQ(session.answer().steps()[0].iterations, 1);
}

TEST(Matte, UndoAndRedoGiveTheSameBytes) {
  Session session = open(options());
  const Map first = *session.wait()->render();
  ASSERT_TRUE(session.add(on_edge(0.25)));
  const Map clicked = *session.wait()->render();
  EXPECT_NE(clicked, first);
  ASSERT_TRUE(session.undo());
  EXPECT_EQ(*session.wait()->render(), first);
  ASSERT_TRUE(session.redo());
  EXPECT_EQ(*session.wait()->render(), clicked);
  Session again = open(options());
  ASSERT_TRUE(again.restore(session.history()));
  EXPECT_EQ(*again.wait()->render(), clicked);
}

TEST(Matte, PartsAreThoseOfTheWhole) {
  Session session = open(options());
  ASSERT_TRUE(session.add(on_edge(0.25)));
  const auto answer = session.wait();
  const Map whole = *answer->render();
  const Rectangle part{30, 11, 50, 40};
  const Map cut = *answer->render(part);
  for (int y = 0; y < part.height; ++y)
    for (int x = 0; x < part.width; ++x) ASSERT_EQ(cut.at(x, y), whole.at(part.x + x, part.y + y));
}

TEST(Matte, AStartIsKeptUntilTheFirstClick) {
  const Map start = striped_matte();
  SessionOptions own = options();
  own.start = std::make_shared<const Map>(start);
  Session session = open(std::move(own));
  EXPECT_EQ(*session.wait()->render(), start);
  const Click click = on_edge(1);
  ASSERT_TRUE(session.add(click));
  const Map bent = *session.wait()->render();
  EXPECT_NEAR(bent.at(static_cast<int>(click.x), static_cast<int>(click.y)), 1, 0.002);
  expect_known_kept(bent);
  EXPECT_NE(bent, start);
}

TEST(Matte, ATrimapIsMadeOfTheStart) {
  SessionOptions own;
  own.start = std::make_shared<const Map>(striped_matte());
  Session session = open(std::move(own));
  const auto answer = session.wait();
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(*answer->render(), striped_matte());
}

TEST(Matte, AFrameSmallerThanThePictureFollowsItsEdges) {
  const test::MatteModel small(64);
  auto session = Session::create(*small, picture().view(), options());
  ASSERT_TRUE(session);
  ASSERT_TRUE(session->add(on_edge(0.5)));
  const auto answer = session->wait();
  ASSERT_TRUE(answer) << answer.error().message;
  expect_known_kept(*answer->render());
  EXPECT_EQ(answer->unsatisfied(), 0U);
}

TEST(Matte, InTheEndItIsAsFineAsThePicture) {
  const test::MatteModel small(64);
  auto session = Session::create(*small, picture().view(), options());
  ASSERT_TRUE(session);
  const Click click = on_edge(0.5);
  ASSERT_TRUE(session->add(click));
  const Map coarse = *session->wait()->render();
  double told = 0;
  const auto answer = session->detailed([&](double share) { told = share; });
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(told, 1);
  const Map fine = *answer->render();
  EXPECT_NE(fine, coarse);
  expect_known_kept(fine);
  EXPECT_NEAR(fine.at(static_cast<int>(click.x), static_cast<int>(click.y)), 0.5, 0.002);
  EXPECT_EQ(answer->unsatisfied(), 0U);
  EXPECT_EQ(*session->detailed()->render(), fine);
  const Map part = *answer->render({30, 10, 40, 30});
  for (int y = 0; y < part.height; ++y)
    for (int x = 0; x < part.width; ++x) ASSERT_EQ(part.at(x, y), fine.at(30 + x, 10 + y));
  std::stop_source stopped;
  stopped.request_stop();
  EXPECT_EQ(*session->detailed({}, stopped.get_token())->render(), coarse);
}

TEST(Matte, AtThePicturesScaleNothingIsAdded) {
  Session session = open(options());
  const Map answer = *session.wait()->render();
  EXPECT_EQ(*session.detailed()->render(), answer);
}

TEST(Matte, AnotherTrimapOnTheSamePictureIsAnotherSession) {
  Session first = open(options());
  SessionOptions narrower = options();
  narrower.trimap = std::make_shared<const Trimap>(*trimap_from(trimap(3)));
  auto second = first.anew(model(), narrower);
  ASSERT_TRUE(second) << second.error().message;
  const Map alpha = *second->wait()->render();
  EXPECT_EQ(alpha, *open(narrower).wait()->render());
  EXPECT_NE(alpha, *first.wait()->render());
  narrower.trimap = std::make_shared<const Trimap>(1, 1, std::vector<std::uint8_t>{128});
  EXPECT_EQ(first.anew(model(), narrower).error().code, ErrorCode::invalid_argument);
}

TEST(Matte, RefusesWhatMakesNoSense) {
  EXPECT_NE(fault({}).find("trimap"), std::string::npos);
  SessionOptions small;
  small.trimap = std::make_shared<const Trimap>(2, 1, std::vector<std::uint8_t>{0, 255});
  EXPECT_NE(fault(small).find("2 x 1"), std::string::npos);
  SessionOptions known;
  known.trimap = std::make_shared<const Trimap>(kWidth, kHeight, std::vector<std::uint8_t>(kWidth * kHeight, 255));
  EXPECT_NE(fault(known).find("background"), std::string::npos);
  const auto segment = Session::create(*Model::open("segment-small"), picture().view(), options());
  ASSERT_FALSE(segment);
  EXPECT_NE(segment.error().message.find("trimap"), std::string::npos);

  Session session = open(options());
  const auto refused = [&](const Click& click) {
    const auto added = session.add(click);
    return added ? "" : added.error().message;
  };
  EXPECT_NE(refused(on_edge(3)).find("alpha"), std::string::npos);
  EXPECT_NE(refused(on_edge(-0.5)).find("alpha"), std::string::npos);
  EXPECT_NE(refused({.x = 2.5, .y = 2.5, .target = 0.5}).find("trimap"), std::string::npos);
  EXPECT_NE(refused({.x = 500, .y = 2.5, .target = 0.5}).find("outside"), std::string::npos);
  EXPECT_TRUE(session.clicks().empty());
}

}  // namespace
}  // namespace gbrs
