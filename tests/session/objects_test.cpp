// SPDX-License-Identifier: Apache-2.0
// Clicks of classes that are about the object they lie in, as the shipped model of objects sees it.

#include <gtest/gtest.h>

#include "session/object_finder.hpp"
#include "session/pictures.hpp"

namespace gbrs {
namespace {

using test::ChangedModel;
using test::DiscPicture;

constexpr int kPerson = 11, kCar = 13;

/// semantic-street on small frames, with `objects` for its clicks.
ChangedModel classes_with(const std::string& objects) {
  return {"semantic-street", [&](nlohmann::json& manifest) {
            manifest["input"]["long_side"] = 192;
            manifest["refinement"]["objects"] = objects;
          }};
}

const Model& classes() {
  static const ChangedModel instance = classes_with("segment-small");
  return *instance;
}

/// Without refinement, so that nothing but the object changes the answer.
Session open(const DiscPicture& picture, std::optional<bool> is_about_objects = std::nullopt) {
  SessionOptions options{.layer = LayerType::none};
  options.method.is_about_objects = is_about_objects;
  auto session = Session::create(classes(), picture.view(), std::move(options));
  EXPECT_TRUE(session) << session.error().message;
  return std::move(*session);
}

Click click_on(const DiscPicture& picture, int label, std::optional<double> radius) {
  return {.x = picture.centre_x, .y = picture.centre_y, .radius = radius, .target = static_cast<double>(label)};
}

Map after(Session& session, const Click& click) {
  EXPECT_TRUE(session.add(click));
  const auto answer = session.wait();
  EXPECT_TRUE(answer) << answer.error().message;
  return *answer->render();
}

/// Of the disc's pixels and of those of `label`, the share that is both.
double iou(const Map& labels, const DiscPicture& picture, int label) {
  double both = 0, either = 0;
  for (int y = 0; y < labels.height; ++y)
    for (int x = 0; x < labels.width; ++x) {
      const bool is_labelled = labels.at(x, y) == static_cast<float>(label);
      both += is_labelled && picture.contains(x, y);
      either += is_labelled || picture.contains(x, y);
    }
  return both / either;
}

TEST(Objects, AClickWithARadiusIsAboutTheObjectItLiesIn) {
  const DiscPicture picture(200, 150);
  Session with = open(picture), without = open(picture, false);
  const Click click = click_on(picture, kCar, picture.radius);
  EXPECT_GT(iou(after(with, click), picture, kCar), 0.8);
  EXPECT_LT(iou(after(without, click), picture, kCar), 0.5) << "the network itself takes it for that";
}

TEST(Objects, AreWhereTheModelOfObjectsSeesThem) {
  const DiscPicture picture(192, 144);  // as many pixels as the frame has
  const Model model = *Model::open("segment-small");
  const auto begin = [&] { return std::move(*Session::create(model, picture.view(), object_finder_options())); };
  Session plain = begin();
  const Click click = click_on(picture, kInclude, 150);  // up to the picture's sides
  const Map expected = after(plain, click);
  ObjectFinder finder(begin());
  ClickObject object;
  const Frame frame = Frame::whole(192, 144, {.long_side = 192, .rest = 0});
  ASSERT_TRUE(finder.find_last(std::vector<ObjectFinder::Asked>{{click, object}}, frame));
  ASSERT_TRUE(object.coverage);
  ASSERT_EQ(object.coverage->width, expected.width);
  EXPECT_EQ(object.coverage->values, expected.values);
  EXPECT_GT(*std::ranges::max_element(expected.values), 0.9F);
}

TEST(Objects, AClickWithoutARadiusIsNot) {
  const DiscPicture picture(200, 150);
  Session with = open(picture), without = open(picture, false);
  const Click click = click_on(picture, kCar, std::nullopt);
  EXPECT_EQ(after(with, click), after(without, click));
}

TEST(Objects, AnotherClassAtTheSamePixelTakesTheObjectOver) {
  const DiscPicture picture(200, 150);
  Session session = open(picture), only = open(picture);
  const Click click = click_on(picture, kPerson, picture.radius);
  const Map first = after(session, click_on(picture, kCar, picture.radius));
  const Map labels = after(session, click);
  EXPECT_NE(labels, first);
  EXPECT_EQ(labels, after(only, click));
}

TEST(Objects, AnotherClassAtAnotherPixelOfTheObjectCountsThere) {
  const DiscPicture picture(200, 150);
  Session session = open(picture);
  const Click first = click_on(picture, kCar, picture.radius);
  const Click again{.x = first.x - 10, .y = first.y, .radius = picture.radius, .target = kCar};
  const Click other{.x = first.x + 0.7 * picture.radius, .y = first.y, .radius = 6, .target = kPerson};
  after(session, first);
  const Map before = after(session, again);
  const auto at = [](const Map& labels, const Click& click) {
    return labels.at(static_cast<int>(click.x), static_cast<int>(click.y));
  };
  ASSERT_EQ(at(before, other), kCar);
  const Map labels = after(session, other);
  EXPECT_EQ(at(labels, other), kPerson);
  EXPECT_EQ(at(labels, first), kCar);
}

TEST(Objects, AreNotWhereClicksOfOtherClassesAre) {
  const DiscPicture picture(192, 144);
  const Model model = *Model::open("segment-small");
  ObjectFinder finder(std::move(*Session::create(model, picture.view(), object_finder_options())));
  const Frame frame = Frame::whole(192, 144, {.long_side = 192, .rest = 0});
  const Click disc = click_on(picture, kCar, picture.radius);
  const Click in_it{.x = disc.x + 0.8 * picture.radius, .y = disc.y, .radius = 4, .target = kPerson};
  const auto share = [](const ClickObject& object, const Click& click) {
    return object.coverage->values[static_cast<std::size_t>(click.y) * 192 + static_cast<std::size_t>(click.x)];
  };
  ClickObject of_disc, of_in_it;
  std::vector<ObjectFinder::Asked> asked{{disc, of_disc}};
  ASSERT_TRUE(finder.find_last(asked, frame));
  ASSERT_GT(share(of_disc, in_it), 0.5F);
  asked.push_back({in_it, of_in_it});
  ASSERT_TRUE(finder.find_last(asked, frame));
  EXPECT_LT(share(of_disc, in_it), 0.5F) << "found anew";
  EXPECT_GT(share(of_disc, disc), 0.5F);
  // the other way round: what lies in the newest one though it is more than two radii away
  ClickObject of_small, of_large;
  Click small = disc;
  small.radius = picture.radius / 3;
  const Click far{.x = disc.x + 0.8 * picture.radius, .y = disc.y, .radius = 4, .target = kPerson};
  asked.clear();
  asked.push_back({far, of_small});
  ASSERT_TRUE(finder.find_last(asked, frame));
  asked.push_back({small, of_large});
  ASSERT_TRUE(finder.find_last(asked, frame));
  EXPECT_LT(share(of_large, far), 0.5F);
  EXPECT_GT(share(of_large, small), 0.5F);
}

TEST(Objects, TheSameAsThereIsTheClassOfThatPlace) {
  const DiscPicture picture(200, 150);
  Session session = open(picture), named = open(picture);
  const Click there{.x = 180.5, .y = 20.5, .radius = 15, .target = kPerson};
  Click same = click_on(picture, 0, picture.radius);
  same.same_as = Place{there.x, there.y};
  EXPECT_EQ(after(session, there), after(named, there));
  EXPECT_EQ(after(session, same), after(named, click_on(picture, kPerson, picture.radius)));
}

TEST(Objects, TheSameHistoryIsTheSameAnswerHoweverItCameAbout) {
  const DiscPicture picture(200, 150);
  const Click first = click_on(picture, kCar, picture.radius);
  const Click second{.x = 170.5, .y = 30.5, .radius = 20, .target = kPerson};
  Session one = open(picture);
  after(one, first);
  const Map both = after(one, second);
  Session other = open(picture);
  ASSERT_TRUE(other.restore(one_by_one(std::vector{second, first})));
  ASSERT_TRUE(other.wait());
  ASSERT_TRUE(other.restore(one_by_one(std::vector{first, second})));
  EXPECT_EQ(*other.wait()->render(), both);
  ASSERT_TRUE(one.undo());
  ASSERT_TRUE(one.redo());
  EXPECT_EQ(*one.wait()->render(), both);
}

TEST(Objects, TheOptionAsksAnyModelOfClasses) {
  const DiscPicture picture(200, 150);
  const ChangedModel plain = classes_with("");
  SessionOptions options{.layer = LayerType::none};
  options.method.is_about_objects = true;
  auto session = Session::create(*plain, picture.view(), std::move(options));
  ASSERT_TRUE(session);
  EXPECT_GT(iou(after(*session, click_on(picture, kCar, picture.radius)), picture, kCar), 0.8);
}

TEST(Objects, AModelOfObjectsThatIsNoneIsSaidInOneSentence) {
  const DiscPicture picture(60, 40);
  for (const auto& [name, code] : {std::pair{"no-such-model", ErrorCode::not_found},
                                   std::pair{"depth-rooms", ErrorCode::unsupported}}) {
    const ChangedModel model = classes_with(name);
    auto session = Session::create(*model, picture.view());
    ASSERT_TRUE(session);
    const auto answer = session->wait();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, code);
    EXPECT_NE(answer.error().message.find(name), std::string::npos) << answer.error().message;
  }
}

}  // namespace
}  // namespace gbrs
