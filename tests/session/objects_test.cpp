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
  ASSERT_TRUE(finder.find_last(std::vector<ClickAndObject>{{click, object}}, frame));
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

TEST(Objects, ANewerClassTakesItsPartOfTheObject) {
  const DiscPicture picture(200, 150);
  Session session = open(picture);
  const Click first = click_on(picture, kCar, picture.radius);
  Click again = first;
  again.x -= 10;
  const Click other{.x = first.x + 0.5 * picture.radius, .y = first.y, .radius = 8, .target = kPerson};
  const auto persons_around = [&](const Map& labels) {
    int count = 0;
    for (int y = -5; y <= 5; ++y)
      for (int x = -5; x <= 5; ++x)
        count += labels.at(static_cast<int>(other.x) + x, static_cast<int>(other.y) + y) == kPerson;
    return count;
  };
  after(session, first);
  ASSERT_EQ(persons_around(after(session, again)), 0);
  const Map labels = after(session, other);
  EXPECT_GT(persons_around(labels), 100) << "of 121";
  EXPECT_EQ(labels.at(static_cast<int>(first.x), static_cast<int>(first.y)), kCar);
}

/// How much of the pixels within `radius` of a click an object covers.
double share_around(const Click& click, const ClickObject& object, double radius) {
  double covered = 0, count = 0;
  for (int y = 0; y < object.coverage->height; ++y)
    for (int x = 0; x < object.coverage->width; ++x) {
      if (std::hypot(x + 0.5 - click.x, y + 0.5 - click.y) > radius) continue;
      covered += object.coverage->values[static_cast<std::size_t>(y * object.coverage->width + x)];
      ++count;
    }
  return covered / count;
}

class FoundObjects : public testing::Test {
 protected:
  void find_last() {
    const auto found = finder_.find_last(clicks_, Frame::whole(192, 144, {.long_side = 192, .rest = 0}));
    ASSERT_TRUE(found) << found.error().message;
  }
  void find(const Click& click, ClickObject& object) {
    clicks_.push_back({click, object});
    find_last();
  }

  /// A disc with a patch of another colour on its right.
  static DiscPicture patched() {
    DiscPicture picture(192, 144);  // as many pixels as the frame has
    for (int y = 0; y < picture.height; ++y)
      for (int x = 0; x < picture.width; ++x)
        if (std::hypot(x + 0.5 - picture.centre_x - 25, y + 0.5 - picture.centre_y) < 9)
          std::ranges::copy(std::array<std::uint8_t, 3>{20, 160, 40},
                            picture.rgb.begin() + 3 * (y * picture.width + x));
    return picture;
  }

  const DiscPicture picture_ = patched();
  const Model model_ = *Model::open("segment-small");
  ObjectFinder finder_{std::move(*Session::create(model_, picture_.view(), object_finder_options()))};
  std::vector<ClickAndObject> clicks_;
  const Click disc_ = click_on(picture_, kCar, picture_.radius);
  /// On the patch.
  const Click inner_{.x = disc_.x + 25, .y = disc_.y, .radius = {}, .target = kPerson};
};

TEST_F(FoundObjects, EndWhereALaterClickOfAnotherClassSaysSo) {
  ClickObject of_disc, of_inner;
  find(disc_, of_disc);
  const auto before = of_disc.coverage;
  ASSERT_GT(share_around(inner_, of_disc, 7), 0.8);
  find(inner_, of_inner);
  EXPECT_LT(share_around(inner_, of_disc, 7), 0.5);
  EXPECT_GT(share_around(disc_, of_disc, 7), 0.8);
  EXPECT_NE(of_disc.coverage, before) << "steps before this one keep theirs";
  EXPECT_FALSE(of_inner.coverage) << "it has no radius";
}

TEST_F(FoundObjects, EndWhereFarEarlierClicksOfOtherClassesLieInThem) {
  Click small = disc_;
  small.radius = picture_.radius / 4;
  ASSERT_GT(std::hypot(inner_.x - small.x, inner_.y - small.y), 2 * *small.radius);
  ClickObject alone, of_inner, of_small;
  find(small, alone);
  ASSERT_GT(share_around(inner_, alone, 2), 0.5);
  clicks_.clear();
  find(inner_, of_inner);
  find(small, of_small);
  EXPECT_LT(share_around(inner_, of_small, 7), share_around(inner_, alone, 7) / 2);
}

TEST_F(FoundObjects, DoNotChangeByWhatNamesNoOtherClass) {
  Click same = inner_, stroke = inner_, there = inner_;
  same.target = disc_.target;
  stroke.mode = ClickMode::stroke;
  stroke.radius = 5;
  there.same_as = Place{5, 5};
  ClickObject of_disc;
  find(disc_, of_disc);
  const auto before = of_disc.coverage;
  for (const Click& click : {same, stroke, there}) {
    ClickObject other;
    find(click, other);
    EXPECT_EQ(of_disc.coverage, before);
    EXPECT_FALSE(other.coverage);
    clicks_.clear();
    ClickObject later;
    find(click, other);
    find(disc_, later);
    EXPECT_TRUE(later.others.empty());
    clicks_.clear();
    clicks_.push_back({disc_, of_disc});
  }
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

class ContestedObject : public testing::Test {
 protected:
  Click disc(int label, double shift) const {
    Click click = click_on(picture_, label, picture_.radius);
    click.x += shift;
    return click;
  }
  Map after_all(const std::vector<Click>& clicks) const { return after_steps(one_by_one(clicks)); }
  Map after_steps(const std::vector<Step>& steps) const {
    Session session = open(picture_);
    EXPECT_TRUE(session.restore(steps));
    return *session.wait()->render();
  }

  const DiscPicture picture_{200, 150};
  const Click car_ = disc(kCar, 0);
  const Click person_{.x = car_.x + 0.7 * picture_.radius, .y = car_.y, .radius = 8, .target = kPerson};
};

TEST_F(ContestedObject, IsTheSameHoweverTheHistoryCameAbout) {
  Session session = open(picture_);
  const Map one = after(session, car_), both = after(session, person_);
  EXPECT_NE(one, both);
  ASSERT_TRUE(session.undo());
  EXPECT_EQ(*session.wait()->render(), one);
  ASSERT_TRUE(session.redo());
  EXPECT_EQ(*session.wait()->render(), both);
  const Map three = after(session, disc(kCar, -20));
  EXPECT_EQ(three, after_all({car_, person_, disc(kCar, -20)}));
  ASSERT_TRUE(session.relabel(1, kCar));
  Click relabelled = person_;
  relabelled.target = kCar;
  EXPECT_EQ(*session.wait()->render(), after_all({car_, relabelled, disc(kCar, -20)}));
  ASSERT_TRUE(session.remove(1));
  EXPECT_EQ(*session.wait()->render(), after_all({car_, disc(kCar, -20)}));
}

TEST_F(ContestedObject, ForgetsAClickThatIsTakenBackByAnotherAtItsPixel) {
  Click back = person_;
  back.target = kCar;
  EXPECT_EQ(after_all({car_, person_, back}), after_all({car_, back}));
}

TEST_F(ContestedObject, KnowsAClickThatCountsAgain) {
  Click person = car_;
  person.target = kPerson;
  EXPECT_EQ(after_steps({{.clicks = {car_, person}}, {.clicks = {car_}}}), after_all({car_, car_}));
  EXPECT_EQ(after_all({car_, person, person_, car_}), after_all({car_, person_, car_}));
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
  for (const auto& [name, code] :
       {std::pair{"no-such-model", ErrorCode::not_found}, std::pair{"depth-rooms", ErrorCode::unsupported}}) {
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
