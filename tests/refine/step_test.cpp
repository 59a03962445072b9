// SPDX-License-Identifier: Apache-2.0
// Steps of all tasks on a network that is a few products: what the clicks of a task become on the answer's grid, and
// what a step hands back.

#include "refine/step.hpp"

#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "support/tensors.hpp"

namespace gbrs::test {
namespace {

constexpr int kWidth = 17, kHeight = 13;  // of the frame; the answer's grid is half as fine
constexpr int kGridWidth = 9, kGridHeight = 7;

/// Answers `channels` maps: sums of a feature of 6 channels, passed through the sites "deep" and "fine".
class Sums final : public Network {
 public:
  /// `has_places`: what it says depends on places, so that mirror images have other answers.
  explicit Sums(std::int64_t channels, bool has_places = true) : channels_(channels), has_places_(has_places) {}

  Tensor normalised(const Tensor& frame) const override {
    return (frame.to(at::kFloat) / 255).permute({2, 0, 1}).unsqueeze(0);
  }
  std::unique_ptr<Encoded> encode_input(const Tensor& input) const override {
    auto encoded = std::make_unique<Known>();
    const Tensor half = at::avg_pool2d(input, {3, 3}, {2, 2}, {1, 1});
    encoded->feature = at::cat({half, half.roll({1}, {1})}, 1);
    if (has_places_) encoded->feature += wavy({1, 6, kGridHeight, kGridWidth}, 0, at::kFloat);
    return encoded;
  }
  std::unique_ptr<Conditioned> condition(const Encoded& encoded, const Prompt& /*prompt*/) const override {
    auto conditioned = std::make_unique<Ready>();
    conditioned->feature = dynamic_cast<const Known&>(encoded).feature;
    return conditioned;
  }
  Tensor decode(const Conditioned& conditioned, Insertions& insertions) const override {
    const Tensor deep = insertions.pass("deep", dynamic_cast<const Ready&>(conditioned).feature);
    const Tensor fine = insertions.pass("fine", deep + 0.1 * deep.flip({1}));
    return fine.narrow(1, 0, channels_) - 0.5 * fine.narrow(1, 6 - channels_, channels_) + 2;
  }
  std::vector<Tensor> likeness_levels(const Encoded& /*encoded*/, const Conditioned& /*conditioned*/) const override {
    return {};
  }
  std::vector<std::string> sites() const override { return {"deep", "fine"}; }

 private:
  struct Known final : Encoded {
    Tensor feature;
  };
  struct Ready final : Conditioned {
    Tensor feature;
  };
  std::int64_t channels_;
  bool has_places_;
};

class Steps {
 public:
  Steps(Task task, std::int64_t channels, bool has_places = true) : network(channels, has_places), task_(task) {
    settings.insertions = {"deep", "fine"};
    for (const LayerType layer : {LayerType::sb, LayerType::bmsb, LayerType::bmsbm, LayerType::bmconv, LayerType::rgb})
      settings.rates[layer] = 0.01;
    look_at((wavy({kHeight, kWidth, 3}, 3) * 127 + 128).to(at::kByte));
  }

  void look_at(const Tensor& pixels) {
    auto features = std::make_shared<FrameFeatures>();
    features->pixels = pixels;
    features->encoded = network.encode(features->pixels);
    features->width = static_cast<int>(pixels.size(1));
    features->height = static_cast<int>(pixels.size(0));
    input.features = features;
  }

  StepOutput run(const std::vector<FrameClick>& clicks, std::size_t first_new = 0) {
    input.clicks = clicks;
    input.first_new = first_new;
    return run_step(network, task_, settings, at::kCPU, input);
  }
  /// The answer without any click's doing.
  FrameMap own() {
    StepInput plain = input;
    const FrameClick anywhere[] = {{.u = 0, .v = 0, .radius = {}, .target = 1}};
    plain.clicks = anywhere;
    plain.is_refined = false;
    plain.start = nullptr;
    return run_step(network, task_, settings, at::kCPU, plain).answer;
  }

  Sums network;
  RefinementSettings settings;
  StepInput input;

 private:
  Task task_;
};

float at(const FrameMap& map, int x, int y, int channel = 0) {
  return map.values[static_cast<std::size_t>((channel * map.height + y) * map.width + x)];
}

TEST(Step, ASemanticClickGetsItsClass) {
  Steps steps(Task::semantic, 3);
  for (const double label : {0.0, 1.0, 2.0}) {
    steps.settings.rates[LayerType::bmconv] = 0.05;
    const StepOutput output = steps.run({{.u = 8, .v = 4, .radius = 3, .target = label}});
    ASSERT_EQ(output.answer.channels, 3);
    ASSERT_EQ(output.answer.values.size(), 3U * kGridWidth * kGridHeight);
    for (int other = 0; other < 3; ++other)
      EXPECT_LE(at(output.answer, 4, 2, other), at(output.answer, 4, 2, static_cast<int>(label)));
    EXPECT_EQ(output.iterations, 20) << "no early stop";
    EXPECT_EQ(output.satisfied, std::vector<bool>{true});
    EXPECT_EQ(output.radii, std::vector<double>{3});
  }
}

TEST(Step, TheObjectThatAClickIsAboutGetsItsClass) {
  for (const bool mirrors : {false, true}) {
    Steps steps(Task::semantic, 3);
    steps.settings.mirrors = mirrors;
    auto object = std::make_shared<FrameMap>(FrameMap{.width = kWidth, .height = kHeight, .values = {}});
    for (int i = 0; i < kWidth * kHeight; ++i) object->values.push_back(i % kWidth < 8 ? 1.0F : 0.0F);
    FrameClick click{.u = 3, .v = 6, .radius = 3, .target = 1};
    steps.input.layer = LayerType::none;
    const StepOutput without = steps.run({click});
    click.object = object;
    const StepOutput with = steps.run({click});
    for (int channel = 0; channel < 3; ++channel)
      for (int x = 0; x < kGridWidth; ++x) {
        if (x == 4) continue;  // its edge
        const float gained = at(with.answer, x, 3, channel) - at(without.answer, x, 3, channel);
        EXPECT_NEAR(gained, channel == 1 && x < 4 ? 8 : 0, 1e-5) << channel << ' ' << x << ' ' << mirrors;
      }
  }
}

TEST(Step, RefinementGoesOnFromWhatIsKnownOfObjects) {
  Steps steps(Task::semantic, 3);
  auto whole = std::make_shared<FrameMap>(FrameMap{.width = kWidth, .height = kHeight, .values = {}});
  whole->values.assign(static_cast<std::size_t>(kWidth * kHeight), 1);
  FrameClick click{.u = 3, .v = 6, .radius = 3, .target = 1};
  steps.input.method.consistency = 0;
  click.object = whole;
  steps.input.layer = LayerType::none;
  const auto first = steps.run({click}).answer.values;
  steps.input.layer = LayerType::bmconv;
  steps.settings.rates[LayerType::bmconv] = 1e-6;  // so that refining changes next to nothing
  steps.input.publish_every = 1;
  int seen = 0;
  steps.input.publish = [&](int, const FrameMap& answer) {  // the answers that the loss is of
    ++seen;
    for (std::size_t i = 0; i < first.size(); ++i) ASSERT_NEAR(answer.values[i], first[i], 0.01);
  };
  (void)steps.run({click});
  EXPECT_GT(seen, 10);
}

TEST(Step, ObjectsAddToTheirClassAndTakeFromOlderOnesOfOthers) {
  Steps steps(Task::semantic, 3);
  auto whole = std::make_shared<FrameMap>(FrameMap{.width = kWidth, .height = kHeight, .values = {}});
  whole->values.assign(static_cast<std::size_t>(kWidth * kHeight), 0.5F);
  const FrameClick first{.u = 3, .v = 6, .radius = 3, .target = 1, .object = whole};
  const FrameClick again{.u = 5, .v = 6, .radius = 3, .target = 1, .object = whole};
  const FrameClick other{.u = 8, .v = 6, .radius = 3, .target = 2, .object = whole};
  steps.input.layer = LayerType::none;
  const FrameMap own = steps.own();
  const auto expect_added = [&](const std::vector<FrameClick>& clicks, double to_first, double to_other) {
    const FrameMap answer = steps.run(clicks).answer;
    for (int x = 0; x < own.width; ++x) {
      EXPECT_NEAR(at(answer, x, 3, 0), at(own, x, 3, 0), 1e-5);
      EXPECT_NEAR(at(answer, x, 3, 1), at(own, x, 3, 1) + to_first, 1e-5);
      EXPECT_NEAR(at(answer, x, 3, 2), at(own, x, 3, 2) + to_other, 1e-5);
    }
  };
  expect_added({first}, 4, 0);
  expect_added({first, again}, 8, 0);
  expect_added({first, again, other}, 4, 4);
  expect_added({other, first}, 4, 2);
  // a click that names a place of the same step is of the class that the place has got
  FrameClick same{.u = 12, .v = 6, .radius = 3, .object = whole};
  same.same_as = FramePlace{5, 6};
  expect_added({first, again, same}, 12, 0);
}

TEST(Step, AStrokeAsksForItsClassAlongItsPath) {
  Steps steps(Task::semantic, 3);
  const FrameClick stroke{.u = 2, .v = 6, .radius = 1, .target = 2, .mode = ClickMode::stroke, .path = {{14, 6}}};
  const auto likeness = [](const FrameMap& map) {
    double sum = 0;
    for (int x = 1; x <= 7; ++x) sum += at(map, x, 3, 2) - std::max(at(map, x, 3, 0), at(map, x, 3, 1));
    return sum;
  };
  const StepOutput output = steps.run({stroke});
  EXPECT_GT(likeness(output.answer), likeness(steps.own()) + 1);
  EXPECT_EQ(output.radii, std::vector<double>{1});
  EXPECT_EQ(output.satisfied, std::vector<bool>{true});
}

TEST(Step, AValueClickGetsItsValue) {
  for (const Task task : {Task::matte, Task::depth}) {
    Steps steps(task, 1);
    const float before = at(steps.own(), 4, 2);
    const double target = before + 0.4;
    const StepOutput output = steps.run({{.u = 8, .v = 4, .radius = 2, .target = target}});
    EXPECT_LT(std::abs(at(output.answer, 4, 2) - target), 0.2);
    EXPECT_EQ(output.iterations, 20);
  }
}

TEST(Step, TheInputIsRefinedLikeAFeature) {
  for (const Task task : {Task::matte, Task::semantic}) {
    Steps steps(task, task == Task::semantic ? 3 : 1);
    const FrameMap own = steps.own();
    steps.input.layer = LayerType::rgb;
    steps.settings.rates[LayerType::rgb] = 0.05;
    steps.input.method.consistency = 0;
    steps.input.method.is_scaled = false;
    const std::vector<FrameClick> clicks{
        {.u = 8, .v = 4, .radius = 2, .target = task == Task::matte ? at(own, 4, 2) + 0.4 : 1}};
    steps.input.is_refined = false;
    EXPECT_EQ(steps.run(clicks).answer.values, own.values) << "nothing is added at the start";
    steps.input.is_refined = true;
    const StepOutput first = steps.run(clicks);
    EXPECT_EQ(first.satisfied, std::vector<bool>{true}) << at(first.answer, 4, 2);
    EXPECT_EQ(first.iterations, 20);
    steps.input.before = first.parameters;
    steps.input.is_refined = false;
    EXPECT_EQ(steps.run(clicks).answer.values, first.answer.values) << "what was added is kept";
  }
}

TEST(Step, APushMovesOnceItsWay) {
  for (const double target : {1.0, -1.0}) {
    Steps steps(Task::depth, 1);
    const FrameClick push{.u = 8, .v = 4, .radius = {}, .target = target, .mode = ClickMode::push};
    const float before = at(steps.own(), 4, 2);
    const StepOutput output = steps.run({push});
    EXPECT_EQ(output.iterations, 1);
    EXPECT_GT((at(output.answer, 4, 2) - before) * target, 0);
    steps.input.method.has_push_scale = true;
    steps.input.method.push = 0.37;
    EXPECT_NEAR(at(steps.run({push}).answer, 4, 2) - before, 0.37 * target, 0.01);
  }
}

TEST(Step, TheSameAsThereTakesWhatTheAnswerHasThere) {
  Steps depth(Task::depth, 1);
  const FrameMap own = depth.own();
  const FrameClick like{.u = 8, .v = 4, .radius = 2, .target = 0, .same_as = FramePlace{14, 10}};
  const FrameClick given{.u = 8, .v = 4, .radius = 2, .target = at(own, 7, 5)};
  EXPECT_EQ(depth.run({like}).answer.values, depth.run({given}).answer.values);
  Steps semantic(Task::semantic, 3);
  const FrameMap classes = semantic.own();
  int there = 0;
  for (int label = 1; label < 3; ++label)
    if (at(classes, 7, 5, label) > at(classes, 7, 5, there)) there = label;
  FrameClick named = given;
  named.target = there;
  EXPECT_EQ(semantic.run({like}).answer.values, semantic.run({named}).answer.values);
}

TEST(Step, AStartIsAnsweredByItsChange) {
  Steps steps(Task::depth, 1);
  const FrameMap own = steps.own();
  FrameMap start = own;  // another program's: other units
  for (float& value : start.values) value = 3 * value + 10;
  steps.input.start = &start;
  const double target = at(start, 4, 2) + 0.9;
  steps.input.is_refined = false;
  const std::vector<FrameClick> clicks{{.u = 8, .v = 4, .radius = 2, .target = target}};
  for (const float change : steps.run(clicks).answer.values) EXPECT_EQ(change, 0);
  steps.input.is_refined = true;
  const StepOutput output = steps.run(clicks);
  EXPECT_NEAR(at(output.answer, 4, 2), 0.9, 0.4);
  EXPECT_GT(at(output.answer, 4, 2), 0.2);
  // the next step begins where this one ended
  steps.input.before = output.parameters;
  steps.input.is_refined = false;
  EXPECT_EQ(steps.run(clicks).answer.values, output.answer.values);
}

TEST(Step, RadiiThatNobodyGaveReachToWhereTheAnswerIsAnother) {
  Steps depth(Task::depth, 1);
  const FrameMap own = depth.own();
  const double diagonal = std::hypot(kGridWidth - 1, kGridHeight - 1) * 2;  // in frame pixels
  const double value = at(own, 4, 2);
  // a target next to the value: hardly any other pixel is as near; one far away: all are
  EXPECT_NEAR(depth.run({{.u = 8, .v = 4, .radius = {}, .target = value + 1e-6}}).radii[0], 0.02 * diagonal, 1e-9);
  EXPECT_NEAR(depth.run({{.u = 8, .v = 4, .radius = {}, .target = value + 1e3}}).radii[0], 0.5 * diagonal, 1e-9);
  Steps semantic(Task::semantic, 3);
  const double radius = semantic.run({{.u = 8, .v = 4, .radius = {}, .target = 1}}).radii[0];
  EXPECT_GE(radius, 0.02 * diagonal - 1e-9);
  EXPECT_LE(radius, 0.5 * diagonal + 1e-9);
}

TEST(Step, AMirrorImageHasTheMirroredAnswerWhereModelsLookAtBoth) {
  Steps steps(Task::segment, 1);
  steps.input.layer = LayerType::none;
  const FrameClick left{.u = 3, .v = 4, .radius = {}, .target = 1}, right{.u = kWidth - 1 - 3, .v = 4, .target = 1};
  const Tensor pixels = dynamic_cast<const FrameFeatures&>(*steps.input.features).pixels;
  const auto furthest = [&](bool mirrors, bool is_refined) {
    steps.settings.mirrors = mirrors;
    steps.input.is_refined = is_refined;
    steps.look_at(pixels);
    const FrameMap one = steps.run({left}).answer;
    steps.look_at(pixels.flip(1).contiguous());
    const FrameMap other = steps.run({right}).answer;
    float most = 0;
    for (int y = 0; y < kGridHeight; ++y)
      for (int x = 0; x < kGridWidth; ++x)
        most = std::max(most, std::abs(at(one, x, y) - at(other, kGridWidth - 1 - x, y)));
    return most;
  };
  EXPECT_LT(furthest(true, true), 1e-5);
  EXPECT_GT(furthest(false, true), 0.1);
  EXPECT_GT(furthest(true, false), 0.1) << "a first answer does not wait for it";
}

TEST(Step, LayersTakePartInTheMirrorImage) {
  // a network that knows no places: what the layers did is all that could differ
  Steps steps(Task::depth, 1, /*has_places=*/false);
  for (const LayerType layer : {LayerType::bmsb, LayerType::bmconv, LayerType::rgb}) {
    steps.input.layer = layer;
    const std::vector<FrameClick> clicks{{.u = 3, .v = 4, .radius = 3, .target = 4}};
    steps.settings.mirrors = false;
    const StepOutput one = steps.run(clicks);
    steps.settings.mirrors = true;
    const StepOutput both = steps.run(clicks);
    ASSERT_GT(both.iterations, 0);
    const FrameMap own = steps.own();
    float moved = 0, apart = 0;
    for (std::size_t i = 0; i < own.values.size(); ++i) {
      moved = std::max(moved, std::abs(one.answer.values[i] - own.values[i]));
      apart = std::max(apart, std::abs(one.answer.values[i] - both.answer.values[i]));
    }
    EXPECT_GT(moved, 0.05) << static_cast<int>(layer);
    EXPECT_LT(apart, 1e-3) << static_cast<int>(layer);
  }
}

TEST(Step, AskedToStopBeforeTheMirrorImageItGivesTheFirstAnswer) {
  Steps steps(Task::depth, 1);
  steps.settings.mirrors = true;
  const std::vector<FrameClick> clicks{{.u = 3, .v = 4, .radius = 3, .target = 4}};
  std::stop_source source;
  steps.input.stop = source.get_token();
  steps.input.publish_every = 1000;
  steps.input.publish = [&](int iteration, const FrameMap&) {
    if (iteration > 0) source.request_stop();
  };
  const StepOutput stopped = steps.run(clicks);
  EXPECT_FALSE(stopped.is_refined);
  EXPECT_EQ(stopped.iterations, 0);
  EXPECT_EQ(stopped.answer.values, steps.own().values);
}

TEST(Step, TheAnswerBeforeTheMirrorImageIsShown) {
  Steps steps(Task::segment, 1);
  steps.settings.mirrors = true;
  steps.input.layer = LayerType::none;
  steps.input.publish_every = 1;
  std::vector<FrameMap> seen;
  steps.input.publish = [&](int, FrameMap answer) { seen.push_back(std::move(answer)); };
  const StepOutput output = steps.run({{.u = 3, .v = 4, .radius = {}, .target = 1}});
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].values, steps.own().values);
  EXPECT_NE(seen[0].values, output.answer.values);
}

TEST(Step, LayersGoToAsManyPlacesAsAskedFor) {
  Steps steps(Task::depth, 1);
  const std::vector<FrameClick> clicks{{.u = 8, .v = 4, .radius = 2, .target = 5}};
  const auto both = steps.run(clicks).answer.values;
  steps.input.method.insertions = 2;
  EXPECT_EQ(steps.run(clicks).answer.values, both);
  steps.input.method.insertions = 1;
  const auto one = steps.run(clicks).answer.values;
  EXPECT_NE(one, both);
  steps.settings.insertions = {"deep"};
  EXPECT_EQ(steps.run(clicks).answer.values, one);
}

TEST(Step, KeptMomentsStayInTheirFrame) {
  Steps steps(Task::depth, 1, /*has_places=*/false);
  steps.input.method.keeps_adam = true;
  steps.input.method.keeps_parameters = true;
  const std::vector<FrameClick> one{{.u = 8, .v = 4, .radius = 2, .target = 5}};
  const std::vector<FrameClick> two{one[0], {.u = 3, .v = 9, .radius = 2, .target = 4}};
  steps.input.before = steps.run(one).parameters;
  const auto kept = steps.run(two, 1).answer.values;
  steps.input.method.keeps_adam = false;
  EXPECT_NE(steps.run(two, 1).answer.values, kept);

  steps.look_at((wavy({kHeight + 4, kWidth + 6, 3}, 3) * 127 + 128).to(at::kByte));
  steps.input.to_before = FrameMotion{};
  const auto moved = steps.run(two, 1).answer.values;
  steps.input.method.keeps_adam = true;
  EXPECT_EQ(steps.run(two, 1).answer.values, moved);
}

TEST(Step, ScalingCanBeSetAgainstTheModels) {
  Steps steps(Task::depth, 1);
  const std::vector<FrameClick> clicks{{.u = 8, .v = 4, .radius = 2, .target = 5}};
  const auto scaled = steps.run(clicks).answer.values;
  steps.input.method.is_scaled = false;
  const auto unscaled = steps.run(clicks).answer.values;
  EXPECT_NE(scaled, unscaled);
  steps.settings.is_scaled = false;
  steps.input.method.is_scaled.reset();
  EXPECT_EQ(steps.run(clicks).answer.values, unscaled);
}

TEST(Step, ClicksThatATaskDoesNotKnowAreRefused) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const FrameClick plain{.u = 8, .v = 4, .radius = 2, .target = 1};
  const auto with = [&](auto change) {
    FrameClick click = plain;
    change(click);
    return click;
  };
  const std::vector<std::pair<Task, FrameClick>> wrong{
      {Task::segment, with([](FrameClick& click) { click.target = 0.5; })},
      {Task::segment, with([](FrameClick& click) { click.mode = ClickMode::push; })},
      {Task::semantic, with([](FrameClick& click) { click.target = 3; })},
      {Task::semantic, with([](FrameClick& click) { click.target = -1; })},
      {Task::semantic, with([](FrameClick& click) { click.target = 0.5; })},
      {Task::semantic, with([](FrameClick& click) { click.mode = ClickMode::push; })},
      {Task::semantic, with([](FrameClick& click) {
         click.mode = ClickMode::stroke;
         click.radius.reset();
       })},
      {Task::semantic, with([](FrameClick& click) {
         click.mode = ClickMode::stroke;
         click.target = 7;
       })},
      {Task::semantic, with([](FrameClick& click) {
         click.object = std::make_shared<FrameMap>(FrameMap{2, 2, {0, 0, 0, 0}});
       })},
      {Task::depth, with([&](FrameClick& click) { click.target = nan; })},
      {Task::depth, with([](FrameClick& click) { click.mode = ClickMode::stroke; })},
      {Task::depth, with([](FrameClick& click) {
         click.same_as = FramePlace{40, 1};
       })},
      {Task::matte, with([](FrameClick& click) {
         click.mode = ClickMode::push;
         click.target = 0.3;
       })},
  };
  for (std::size_t i = 0; i < wrong.size(); ++i) {
    Steps steps(wrong[i].first, wrong[i].first == Task::semantic ? 3 : 1);
    EXPECT_THROW((void)steps.run({wrong[i].second}), std::invalid_argument) << i;
  }
}

}  // namespace
}  // namespace gbrs::test
