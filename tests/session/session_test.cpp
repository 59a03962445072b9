// SPDX-License-Identifier: Apache-2.0
#include "gbrs/session.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <limits>

#include "session/small_session.hpp"

namespace gbrs {
namespace {

using test::DiscPicture;
using test::model;
using test::open;

double iou(const Map& map, const DiscPicture& picture) {
  double both = 0;
  double either = 0;
  for (int y = 0; y < map.height; ++y)
    for (int x = 0; x < map.width; ++x) {
      const bool is_selected = map.at(x, y) > 0.5F;
      both += is_selected && picture.contains(x, y);
      either += is_selected || picture.contains(x, y);
    }
  return both / either;
}

TEST(Session, ClickOnTheObjectSelectsIt) {
  const DiscPicture picture(120, 90);
  Session session = open(picture);
  ASSERT_TRUE(session.add(picture.on_object()));
  const auto answer = session.wait();
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_TRUE(answer->is_final());
  EXPECT_EQ(answer->clicks().size(), 1U);
  EXPECT_EQ(answer->unsatisfied(), 0U);
  EXPECT_GT(iou(*answer->render(), picture), 0.8);
}

TEST(Session, WhatANetworkOfDepthsSaysIsThereBeforeAnyClick) {
  const DiscPicture picture(120, 90);
  auto session = Session::create(*Model::open("depth-rooms"), picture.view());
  ASSERT_TRUE(session) << session.error().message;
  const auto unasked = session->wait();
  ASSERT_TRUE(unasked) << unasked.error().message;
  EXPECT_EQ(unasked->task(), Task::depth);
  const Map first = *unasked->render();
  EXPECT_GT(*std::ranges::max_element(first.values), 0.1F);
  ASSERT_TRUE(session->add({.x = 60.5, .y = 45.5, .target = 3}));
  const auto answer = session->wait();
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_NEAR(answer->render()->at(60, 45), 3, 0.01);
  ASSERT_TRUE(session->undo());
  EXPECT_EQ(*session->wait()->render(), first);
  EXPECT_FALSE(session->add({.x = 10.5, .y = 10.5, .target = -1}));
  EXPECT_FALSE(session->add(Box{5, 5, 50, 50}));
}

TEST(Session, ClassesAreFoundAndClicksOfClassesObeyed) {
  const DiscPicture picture(120, 90);
  auto session = Session::create(*Model::open("semantic-voc"), picture.view());
  ASSERT_TRUE(session) << session.error().message;
  ASSERT_TRUE(session->wait());
  EXPECT_FALSE(session->answer().classes().empty());
  const int cat = 8;
  ASSERT_TRUE(session->add({.x = 48.5, .y = 45.5, .target = cat}));
  const auto answer = session->wait();
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_TRUE(std::ranges::contains(answer->classes(), cat));
  EXPECT_EQ(answer->render()->at(48, 45), cat);
  EXPECT_FALSE(session->add({.x = 48.5, .y = 45.5, .target = 21})) << "there are 21 classes, 0 to 20";
}

TEST(Session, WithoutClicksNothingIsSelected) {
  const DiscPicture picture(60, 40);
  Session session = open(picture);
  const auto map = session.wait()->render();
  EXPECT_EQ(map->width, 60);
  EXPECT_TRUE(std::ranges::all_of(map->values, [](float value) { return value == 0; }));
}

TEST(Session, StartMapIsTheAnswerUntilTheFirstClick) {
  const DiscPicture picture(60, 40);
  Map start{.width = 60, .height = 40, .values = std::vector<float>(60 * 40, 0.0F)};
  for (int i = 0; i < 60; ++i) start.values[static_cast<std::size_t>(20 * 60 + i)] = 0.25F;
  Session session = open(picture, {.start = std::make_shared<const Map>(start)});
  EXPECT_EQ(*session.wait()->render(), start);
  ASSERT_TRUE(session.add(picture.on_object()));
  EXPECT_NE(*session.wait()->render(), start);
  ASSERT_TRUE(session.undo());
  EXPECT_EQ(*session.wait()->render(), start);
}

TEST(Session, AStartMapBeyondCoverageMeansTheNearest) {
  const DiscPicture picture(60, 40);
  Map start{.width = 60, .height = 40, .values = std::vector<float>(60 * 40, -0.5F)};
  start.values[7] = 1.5F;
  Session session = open(picture, {.start = std::make_shared<const Map>(start)});
  std::ranges::fill(start.values, 0.0F);
  start.values[7] = 1;
  EXPECT_EQ(*session.wait()->render(), start);
}

TEST(Session, UndoAndRedoGiveTheSameBytes) {
  const DiscPicture picture(120, 90);
  Session session = open(picture);
  std::vector<Map> maps{*session.wait()->render()};
  for (const Click& click : {picture.on_object(), Click{.x = 5, .y = 5, .radius = 10, .target = kExclude},
                             Click{.x = 60, .y = 45, .radius = {}, .target = kInclude}}) {
    ASSERT_TRUE(session.add(click));
    maps.push_back(*session.wait()->render());
  }
  for (std::size_t i = 3; i-- > 0;) {
    ASSERT_TRUE(session.undo());
    EXPECT_EQ(*session.wait()->render(), maps[i]);
  }
  EXPECT_FALSE(session.undo());
  for (std::size_t i = 1; i <= 3; ++i) {
    ASSERT_TRUE(session.redo());
    EXPECT_EQ(*session.wait()->render(), maps[i]);
  }
  EXPECT_FALSE(session.redo());
}

TEST(Session, AClickAboutASmallPartIsFollowedByACloserLookThere) {
  const DiscPicture picture(400, 300);
  const std::vector<Click> clicks{picture.on_object(), {.x = 130, .y = 120, .radius = 12, .target = kExclude}};
  const auto answer_with = [&](const char* option, std::vector<Click> given) {
    SessionOptions options;
    EXPECT_TRUE(set_option(options.method, option));
    auto session = Session::create(*Model::open("segment-small"), picture.view(), std::move(options));
    EXPECT_TRUE(session->restore(one_by_one(given)));
    return *session->wait();
  };
  const Answer without = answer_with("close_up=off", clicks), with = answer_with("close_up=on", clicks);
  EXPECT_EQ(with.steps()[0].close_ms, 0) << "there was nothing to look closer at";
  EXPECT_GT(with.steps()[1].close_ms, 0);
  EXPECT_EQ(without.steps()[1].close_ms, 0);
  const Map near = *with.render(), far = *without.render();
  EXPECT_NE(near, far);
  for (int y = 0; y < near.height; ++y)
    for (int x = 220; x < near.width; ++x) ASSERT_EQ(near.at(x, y), far.at(x, y)) << "not near: " << x << ", " << y;
  EXPECT_EQ(*answer_with("close_up=on", clicks).render(), near) << "the same again";
  std::vector<Click> plain = clicks;
  plain[1].radius.reset();
  EXPECT_EQ(answer_with("close_up=on", plain).steps()[1].close_ms, 0) << "how far it reaches was not said";
  std::vector<Click> taken_back = clicks;
  taken_back.push_back({.x = 132, .y = 118, .radius = 250, .target = kInclude});  // which the whole frame shows
  const Map excluded = *answer_with("close_up=on", clicks).render();
  ASSERT_LT(excluded.at(132, 118), 0.5F);
  const Answer back = answer_with("close_up=on", taken_back);
  EXPECT_GT(back.steps()[2].close_ms, 0) << "what is seen there is of a close-up, which has to be told";
  EXPECT_GT(back.render()->at(138, 120), 0.5F);
}

TEST(Session, EveryClickIsObeyedEvenAgainstTheNetwork) {
  const DiscPicture picture(120, 90);
  for (const LayerType layer : {LayerType::none, LayerType::sb, LayerType::bmsb, LayerType::bmsbm, LayerType::bmconv}) {
    Session session = open(picture, {.layer = layer});
    // a checkerboard of wishes, two pixels apart, inside one cell of the network's grid and beyond
    for (int i = 0; i < 12; ++i)
      ASSERT_TRUE(session.add({.x = 30.0 + 2 * (i % 4),
                               .y = 40.0 + 2 * (i / 4),
                               .radius = {},
                               .target = (i + i / 4) % 2 == 0 ? kInclude : kExclude}));
    const auto answer = session.wait();
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->unsatisfied(), 0U);
    const Map map = *answer->render();
    for (const Click& click : answer->clicks())
      EXPECT_EQ(to_u8(map.at(static_cast<int>(click.x), static_cast<int>(click.y))) >= 128, click.target == kInclude)
          << layer_type_name(layer) << " " << click.x << " " << click.y;
  }
}

TEST(Session, ContradictingClicksAreNamedAndTheNewestWins) {
  const DiscPicture picture(120, 90);
  Session session = open(picture);
  ASSERT_TRUE(session.add({.x = 50.2, .y = 40.7, .radius = {}, .target = kInclude}));
  ASSERT_TRUE(session.add({.x = 50.9, .y = 40.1, .radius = {}, .target = kExclude}));
  const auto answer = session.wait();
  EXPECT_EQ(answer->unsatisfied(), 1U);
  EXPECT_FALSE(answer->verdicts()[0].is_satisfied);
  EXPECT_EQ(answer->verdicts()[0].contradicts, 1U);
  EXPECT_LT(answer->render()->at(50, 40), 0.5F);
}

TEST(Session, MoveRelabelRadiusAndRemoveEqualAFreshHistory) {
  const DiscPicture picture(120, 90);
  Session edited = open(picture);
  ASSERT_TRUE(edited.add({.x = 10, .y = 10, .radius = {}, .target = kExclude}));
  ASSERT_TRUE(edited.wait());
  ASSERT_TRUE(edited.add({.x = 100, .y = 80, .radius = {}, .target = kInclude}));
  ASSERT_TRUE(edited.wait());
  ASSERT_TRUE(edited.add({.x = 70, .y = 60, .radius = {}, .target = kInclude}));
  ASSERT_TRUE(edited.wait());
  ASSERT_TRUE(edited.move(0, picture.centre_x, picture.centre_y));
  ASSERT_TRUE(edited.relabel(0, kInclude));
  ASSERT_TRUE(edited.set_radius(0, 12));
  ASSERT_TRUE(edited.remove(1));
  Session fresh = open(picture);
  ASSERT_TRUE(fresh.add({.x = picture.centre_x, .y = picture.centre_y, .radius = 12, .target = kInclude}));
  ASSERT_TRUE(fresh.wait());
  ASSERT_TRUE(fresh.add({.x = 70, .y = 60, .radius = {}, .target = kInclude}));
  EXPECT_EQ(edited.history().size(), 2U);
  EXPECT_EQ(*edited.wait()->render(), *fresh.wait()->render());
}

TEST(Session, AnotherOneOnTheSamePictureIsLikeANewOne) {
  const DiscPicture picture(120, 90);
  Session first = open(picture);
  ASSERT_TRUE(first.add(picture.on_object()));
  const SessionOptions options{.layer = LayerType::sb,
                               .start = std::make_shared<const Map>(120, 90, std::vector<float>(120 * 90, 0.25F))};
  auto second = first.anew(model(), options);
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_TRUE(second->clicks().empty());
  const auto answer = [&](Session session) {
    EXPECT_TRUE(session.add({.x = 20, .y = 20, .radius = 5, .target = kExclude}));
    return *session.wait()->render();
  };
  EXPECT_EQ(answer(std::move(*second)), answer(open(picture, options)));
  EXPECT_EQ(first.clicks().size(), 1U);
  EXPECT_TRUE(first.wait());
  const auto small = std::make_shared<const Map>(1, 1, std::vector{0.5F});
  EXPECT_EQ(first.anew(model(), {.start = small}).error().code, ErrorCode::invalid_argument);
}

TEST(Session, RadiiBelongToTheirClicksWhenALaterOneContradicts) {
  const DiscPicture picture(120, 90);
  Session session = open(picture);
  const Click clicks[] = {{.x = 50.5, .y = 40.5, .radius = 7}, {.x = 60.5, .y = 50.5, .radius = 11}};
  ASSERT_TRUE(session.add(clicks));
  ASSERT_TRUE(session.wait());
  ASSERT_TRUE(session.add({.x = 50.5, .y = 40.5, .radius = 13, .target = kExclude}));
  const auto answer = session.wait();
  ASSERT_EQ(answer->verdicts().size(), 3U);
  EXPECT_NEAR(answer->verdicts()[1].radius, 11, 1e-6);
  EXPECT_NEAR(answer->verdicts()[2].radius, 13, 1e-6);
}

TEST(Session, CancelKeepsTheFirstAnswerAndReplaysSo) {
  const DiscPicture picture(120, 90);
  // contradicting neighbours keep the refinement busy
  const std::vector<Click> clicks{{.x = 50, .y = 40, .radius = {}, .target = kInclude},
                                  {.x = 53, .y = 40, .radius = {}, .target = kExclude}};
  Session session = open(picture, {.method = {.iterations = 1000}, .publish_every = 1});
  ASSERT_TRUE(session.wait());
  ASSERT_TRUE(session.add(clicks));
  session.cancel();
  const auto answer = session.wait();
  ASSERT_TRUE(answer);
  ASSERT_EQ(session.history().size(), 1U);
  EXPECT_FALSE(session.history()[0].is_refined);
  EXPECT_FALSE(answer->steps()[0].is_refined);
  Session replayed = open(picture, {.method = {.iterations = 1000}});
  ASSERT_TRUE(replayed.restore(session.history()));
  EXPECT_EQ(*replayed.wait()->render(), *answer->render());
  SessionOptions first{.layer = LayerType::none};
  ASSERT_TRUE(set_option(first.method, "mirror=off"));
  Session none = open(picture, std::move(first));
  ASSERT_TRUE(none.add(clicks));
  EXPECT_EQ(*none.wait()->render(), *answer->render());
}

TEST(Session, ClicksOneByOneAreStepsOfTheirOwn) {
  const DiscPicture picture(120, 90);
  const Click clicks[] = {picture.on_object(), {.x = 5, .y = 5, .radius = 10, .target = kExclude}};
  Session waited = open(picture);
  std::vector<std::size_t> computed;
  const auto answer = waited.add_one_by_one(clicks, [&](std::size_t count) { computed.push_back(count); });
  ASSERT_TRUE(answer);
  EXPECT_EQ(computed, (std::vector<std::size_t>{1, 2}));
  EXPECT_EQ(waited.history().size(), 2U);
  Session restored = open(picture);
  ASSERT_TRUE(restored.restore({{.clicks = {clicks[0]}}, {.clicks = {clicks[1]}}}));
  EXPECT_EQ(*restored.wait()->render(), *answer->render());
}

TEST(Session, ABoxFindsTheObjectThatFillsIt) {
  const DiscPicture picture(120, 90);
  Session session = open(picture);
  const Click centre = picture.on_object();
  ASSERT_TRUE(session.add(Box{centre.x - 26, centre.y - 26, centre.x + 26, centre.y + 26}));
  const auto answer = session.wait();
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->clicks().empty());
  ASSERT_EQ(answer->steps().size(), 1U);
  const Map map = *answer->render();
  EXPECT_GT(map.at(static_cast<int>(centre.x), static_cast<int>(centre.y)), 0.5F);
  EXPECT_LT(map.at(2, 2), 0.5F);
  EXPECT_NE(answer->to_json().find("\"box\""), std::string::npos);
  Session replayed = open(picture);
  ASSERT_TRUE(replayed.restore(session.history()));
  EXPECT_EQ(*replayed.wait()->render(), map);
  ASSERT_TRUE(session.undo());
  EXPECT_TRUE(session.history().empty());
}

TEST(Session, ABoxIsCutToThePictureAndOneBesideItIsRefused) {
  const DiscPicture picture(120, 90);
  Session session = open(picture);
  ASSERT_TRUE(session.add(Box{-10, -20, 500, 40}));
  EXPECT_EQ(session.history()[0].box, (Box{0, 0, 120, 40}));
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const Box& box : {Box{130, 0, 140, 20}, Box{20, 20, 20.5, 40}, Box{40, 20, 20, 40}, Box{nan, 0, 20, 20}}) {
    const auto added = session.add(box);
    ASSERT_FALSE(added);
    EXPECT_EQ(added.error().code, ErrorCode::invalid_argument);
    EXPECT_FALSE(session.replace_step(0, {.clicks = {}, .box = box}));
    EXPECT_FALSE(session.restore({{.clicks = {}, .box = box}}));
  }
  EXPECT_FALSE(session.replace_step(0, {.clicks = {picture.on_object()}, .box = Box{0, 0, 9, 9}}));
  EXPECT_EQ(session.history().size(), 1U);
}

TEST(Session, APreviewShowsWhatAClickWouldGiveAndChangesNothing) {
  const DiscPicture picture(120, 90);
  const Click click = picture.on_object();
  Session unrefined = open(picture);
  ASSERT_TRUE(unrefined.restore({{.clicks = {click}, .is_refined = false}}));
  const Map expected = *unrefined.wait()->render();

  Session session = open(picture);
  ASSERT_TRUE(session.wait());
  const auto asked = [&](const std::optional<Click>& at) {
    std::atomic<int> changes = 0;  // that somebody looks at; others than the preview's may come late
    session.on_change([&] {
      ++changes;
      changes.notify_all();
    });
    EXPECT_TRUE(session.preview(at));
    for (int seen = 0; at && !session.previewed(); seen = changes) changes.wait(seen);
    session.on_change({});
    return session.previewed();
  };
  const auto shown = asked(click);
  ASSERT_TRUE(shown);
  EXPECT_EQ(*shown->render(), expected);
  EXPECT_TRUE(session.history().empty());
  EXPECT_FALSE(session.can_undo());
  EXPECT_FALSE(asked(std::nullopt));
  ASSERT_TRUE(asked(click));
  ASSERT_TRUE(session.add(click));
  EXPECT_FALSE(session.previewed()) << "any change forgets it";
  EXPECT_FALSE(session.preview(Click{.x = -1, .y = 5}));
}

TEST(Session, AMirroredPictureWithMirroredClicksHasTheMirroredAnswer) {
  const DiscPicture picture(120, 90);
  DiscPicture mirrored = picture;
  for (std::size_t row = 0; row < 90; ++row)
    for (std::size_t x = 0; x < 120; ++x)
      std::copy_n(picture.rgb.begin() + static_cast<std::ptrdiff_t>(3 * (120 * row + x)), 3,
                  mirrored.rgb.begin() + static_cast<std::ptrdiff_t>(3 * (120 * row + 119 - x)));
  const auto answer = [](const DiscPicture& of, const char* option, bool is_mirrored) {
    SessionOptions options{.layer = LayerType::none};
    for (const char* const one : {"zoom=off", option}) EXPECT_TRUE(set_option(options.method, one));
    Session session = open(of, std::move(options));
    for (const Click& click : {Click{.x = 35.5, .y = 40.5, .radius = 9, .target = kInclude},
                               Click{.x = 90.5, .y = 30.5, .target = kExclude}}) {
      Click there = click;
      if (is_mirrored) there.x = 120 - click.x;
      EXPECT_TRUE(session.add(there));
      EXPECT_TRUE(session.wait());
    }
    return *session.answer().render();
  };
  const auto furthest = [&](const char* option) {
    const Map one = answer(picture, option, false), other = answer(mirrored, option, true);
    float most = 0;
    for (int y = 0; y < one.height; ++y)
      for (int x = 0; x < one.width; ++x) most = std::max(most, std::abs(one.at(x, y) - other.at(119 - x, y)));
    return most;
  };
  EXPECT_LT(furthest("mirror=on"), 0.01);
  EXPECT_GT(furthest("mirror=off"), 0.05);
}

TEST(Session, AnswerThatNeedsNoRefinementIsPublishedOnce) {
  const DiscPicture picture(120, 90);
  SessionOptions options{.publish_every = 1};
  ASSERT_TRUE(set_option(options.method, "mirror=off"));
  Session session = open(picture, std::move(options));
  ASSERT_TRUE(session.wait());
  std::atomic<int> intermediate = 0;
  session.on_change([&] { intermediate += !session.answer().is_final(); });
  ASSERT_TRUE(session.add(picture.on_object()));
  const auto answer = session.wait();
  session.on_change({});
  ASSERT_EQ(answer->steps()[0].iterations, 0);
  EXPECT_EQ(intermediate, 0);
}

TEST(Session, ProgressAndIntermediateAnswersAreReported) {
  const DiscPicture picture(120, 90);
  // clicks that cannot both be satisfied by this network take every iteration
  const Click clicks[] = {{.x = 50, .y = 40}, {.x = 51, .y = 40, .radius = {}, .target = kExclude}};
  Session session = open(picture, {.method = {.iterations = 10}, .publish_every = 1});
  std::atomic<int> calls = 0;
  std::atomic<int> intermediate = 0;
  session.on_change([&] {
    ++calls;
    intermediate += !session.answer().is_final();
  });
  ASSERT_TRUE(session.add(clicks));
  const auto answer = session.wait();
  session.on_change({});
  ASSERT_GT(answer->steps()[0].iterations, 0);
  EXPECT_GT(calls, 2);
  EXPECT_GT(intermediate, 0);
  EXPECT_EQ(session.progress().phase, Progress::Phase::idle);
}

}  // namespace
}  // namespace gbrs
