// SPDX-License-Identifier: Apache-2.0
// A whole training on small pictures: what learns, what does not, clicks, checkpoints.

#include "training/segment_training.hpp"

#include <ATen/Parallel.h>
#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>

#include <fstream>

#include "support/temporary_folder.hpp"
#include "support/tensors.hpp"
#include "training/checkpoint.hpp"
#include "training/ellipses.hpp"
#include "training/training_checks.hpp"

namespace gbrs::test {
namespace {

std::filesystem::path shipped_weights() {
  return std::filesystem::path(std::getenv("GBRS_MODELS")) / "segment-small/weights.safetensors";
}

/// Pictures that exist in memory, with empty files for their names.
class Data {
 public:
  Data() {
    for (const char* kind : {"images", "masks"}) {
      std::filesystem::create_directories(folder_.path() / "set" / kind);
      for (int i = 0; i < 12; ++i) std::ofstream(folder_.path() / "set" / kind / (std::to_string(i) + ".png"));
    }
  }
  Examples open(const Recipe& recipe) {
    auto examples = Examples::open(recipe.data, {.root = folder_.path(), .held_out = recipe.held_out}, files_);
    EXPECT_TRUE(examples);
    return std::move(*examples);
  }

 private:
  TemporaryFolder folder_;
  EllipseFiles files_;
};

Recipe small_recipe(const std::string& more = "") {
  auto recipe = parse_recipe(R"({"architecture": "segment-mnv2-entering", "samples": 40, "type": "float32",
    "data": [{"folder": "set"}], "crops": [{"size": 65, "batch": 2}, {"size": [49, 65], "batch": 2}],
    "clicks": {"radius": 1, "radius_at_times": 0}, "optimiser": {"warm_up": 0}})");
  EXPECT_TRUE(recipe) << recipe.error().message;
  recipe->text += more;
  return std::move(*recipe);
}

class SegmentTrainingTest : public testing::Test {
 protected:
  void SetUp() override { at::set_num_threads(1); }

  std::unique_ptr<SegmentTraining> make(const Recipe& recipe) {
    const auto weights = initial_weights(recipe.architecture, shipped_weights(), recipe.seed);
    EXPECT_TRUE(weights) << weights.error().message << weights.error().detail;
    auto training = SegmentTraining::make(recipe, *weights, examples_);
    EXPECT_TRUE(training);
    return std::move(*training);
  }

  Data data_;
  Recipe recipe_ = small_recipe();
  Examples examples_ = data_.open(recipe_);
};

TEST_F(SegmentTrainingTest, GradientsReachEveryLearningWeightAndNoFrozenOne) {
  EXPECT_EQ(expect_learning_weights_only_change(*make(recipe_), 3), 132);
}

TEST_F(SegmentTrainingTest, StepsInBfloat16FollowThoseInFloat32) {
  Recipe recipe = recipe_;
  recipe.is_bfloat16 = true;
  const auto narrow = make(recipe), wide = make(recipe_);
  const auto found = narrow->step(), expected = wide->step();
  ASSERT_TRUE(found && expected);
  EXPECT_NEAR(found->loss, expected->loss, 0.05 * expected->loss);
  EXPECT_NEAR(found->gradient_norm, expected->gradient_norm, 0.2 * expected->gradient_norm);
}

TEST_F(SegmentTrainingTest, ClicksEnterWithoutAChangeOfTheAnswers) {
  const auto late = initial_weights("segment-mnv2", {}, 1);
  ASSERT_TRUE(late);
  const TemporaryFolder folder;
  const auto path = folder.path() / "late.safetensors";
  ASSERT_TRUE(write_tensors(path, {*late, {}}));
  const auto entering = initial_weights("segment-mnv2-entering", path, 1);
  ASSERT_TRUE(entering);
  const at::NoGradGuard no_grad;
  const SegmentMnv2 before("segment-mnv2", Weights(*late)), after("segment-mnv2-entering", Weights(*entering));
  const Tensor input = wavy({1, 3, 65, 49}, 0.3, at::kFloat), maps = wavy({1, 5, 65, 49}, 0.7, at::kFloat).abs();
  const Tensor expected = before.levels(input, maps.narrow(1, 0, 3)).logits;
  EXPECT_TRUE(is_near(after.levels(input, maps).logits, expected, 1e-5 * expected.abs().max().item<double>()));
}

TEST_F(SegmentTrainingTest, WeightsOfAnotherArchitectureAndUnknownOnesAreRefused) {
  TemporaryFolder folder;
  const auto entering = initial_weights("segment-mnv2-entering", shipped_weights(), 1);
  ASSERT_TRUE(entering);
  const auto path = folder.path() / "entering.safetensors";
  ASSERT_TRUE(write_tensors(path, {*entering, {}}));
  const auto foreign = initial_weights("segment-mnv2", path, 1);
  ASSERT_FALSE(foreign);
  EXPECT_EQ(foreign.error().code, ErrorCode::damaged);
  EXPECT_NE(foreign.error().detail.find("clicks."), std::string::npos) << foreign.error().detail;
  EXPECT_EQ(initial_weights("nonsense", path, 1).error().code, ErrorCode::unsupported);
  EXPECT_EQ(initial_weights("segment-mnv2", folder.path() / "none", 1).error().code, ErrorCode::not_found);
}

TEST_F(SegmentTrainingTest, RandomWeightsAreThoseOfTheirSeed) {
  const auto one = initial_weights("segment-mnv2", std::nullopt, 1),
             same = initial_weights("segment-mnv2", std::nullopt, 1),
             other = initial_weights("segment-mnv2", std::nullopt, 2);
  ASSERT_TRUE(one && same && other);
  EXPECT_TRUE(one->at("half.logit.weight").equal(same->at("half.logit.weight")));
  EXPECT_FALSE(one->at("half.logit.weight").equal(other->at("half.logit.weight")));
}

TEST_F(SegmentTrainingTest, GoesOnFromACheckpointAsIfNothingHadHappened) {
  TemporaryFolder folder;
  Examples examples = data_.open(recipe_);
  const auto again = [&](TensorMap weights) { return SegmentTraining::make(recipe_, std::move(weights), examples); };
  expect_goes_on_from_checkpoint(*make(recipe_), folder.path() / "checkpoint.safetensors", 3, 4, again);
}

TEST_F(SegmentTrainingTest, CutAndForeignCheckpointsAreRefused) {
  TemporaryFolder folder;
  const auto path = folder.path() / "checkpoint.safetensors";
  const auto training = make(recipe_);
  ASSERT_TRUE(training->step());
  ASSERT_TRUE(write_checkpoint(path, *training));
  for (const double part : {0.0, 0.001, 0.3, 0.999}) {
    const auto cut = folder.path() / "cut.safetensors";
    std::filesystem::copy_file(path, cut, std::filesystem::copy_options::overwrite_existing);
    std::filesystem::resize_file(
        cut, static_cast<std::uintmax_t>(part * static_cast<double>(std::filesystem::file_size(path))));
    const auto read = read_checkpoint(cut);
    ASSERT_FALSE(read) << part;
    EXPECT_EQ(read.error().code, ErrorCode::damaged);
  }
  const auto foreign = read_checkpoint(shipped_weights());
  ASSERT_FALSE(foreign);
  EXPECT_NE(foreign.error().message.find("not a training's checkpoint"), std::string::npos);
  EXPECT_EQ(read_checkpoint(folder.path() / "none").error().code, ErrorCode::not_found);
}

TEST_F(SegmentTrainingTest, SlotsGetClicksOnTheirErrors) {
  const auto weights = initial_weights(recipe_.architecture, shipped_weights(), 1);
  ASSERT_TRUE(weights);
  recipe_.clicks.starts = 0;
  recipe_.clicks.counts = {0, 0, 0, 1};  // four
  const SegmentMnv2 network(recipe_.architecture, Weights(*weights));
  const SlotMaker maker(recipe_, examples_, network);
  const auto label_at = [](const Slot& slot, const PromptClick& click) {
    return slot.truth.labels.at<std::uint8_t>(static_cast<int>(click.v) / 2, static_cast<int>(click.u) / 2);
  };
  for (std::uint64_t crop = 0; crop < 10; ++crop) {
    auto slot = maker.begin(crop, {65, 49});
    ASSERT_TRUE(slot);
    ASSERT_EQ(slot->state.clicks.size(), 1U);
    EXPECT_GT(slot->state.clicks[0].target, 0);
    EXPECT_EQ(label_at(*slot, slot->state.clicks[0]), kObject);
    EXPECT_TRUE(slot->state.clicks[0].radius.has_value());
    EXPECT_EQ(maker.click_maps_of(*slot).sizes(), (std::vector<std::int64_t>{1, 5, 49, 65}));
    const cv::Mat everything(slot->truth.labels.size(), CV_32FC1, cv::Scalar(1));
    recipe_.clicks.zoom = 0;
    const SlotResult result = maker.advance(*slot, everything);
    EXPECT_EQ(result.clicks, 1);
    if (!result.goes_on) continue;  // the object fills the crop
    EXPECT_LT(slot->state.clicks[1].target, 0);
    EXPECT_EQ(label_at(*slot, slot->state.clicks[1]), kBackground);
    cv::Mat right(slot->truth.labels.size(), CV_32FC1, cv::Scalar(-1));
    right.setTo(1, slot->truth.labels == kObject);
    const SlotResult good = maker.advance(*slot, right);
    EXPECT_EQ(good.overlap, 1);
    EXPECT_FALSE(good.goes_on);
  }
}

TEST_F(SegmentTrainingTest, ANearerViewTakesClicksAndAnswerAlong) {
  const auto weights = initial_weights(recipe_.architecture, shipped_weights(), 1);
  ASSERT_TRUE(weights);
  recipe_.clicks = {};
  recipe_.clicks.starts = recipe_.clicks.random = 0;
  recipe_.clicks.counts = {0, 1};
  recipe_.clicks.zoom = 1;
  recipe_.clicks.radius = 1;
  recipe_.clicks.radius_at_times = 0;
  recipe_.geometry.views = {{.weight = 1, .box = std::nullopt}};
  recipe_.geometry.enlargement = 10;
  const SegmentMnv2 network(recipe_.architecture, Weights(*weights));
  const SlotMaker maker(recipe_, examples_, network);
  int zoomed = 0;
  for (std::uint64_t crop = 0; crop < 20; ++crop) {
    auto slot = maker.begin(crop, {65, 65});
    ASSERT_TRUE(slot);
    const cv::Matx23d view = slot->state.view;
    const double radius = *slot->state.clicks[0].radius;
    cv::Mat answer(slot->truth.labels.size(), CV_32FC1, cv::Scalar(-3));
    answer.setTo(3, slot->truth.labels == kObject);
    answer.at<float>(static_cast<int>(slot->state.clicks[0].v) / 2, static_cast<int>(slot->state.clicks[0].u) / 2) = -3;
    if (!maker.advance(*slot, answer).goes_on && cv::norm(view - slot->state.view) == 0) continue;
    if (cv::norm(view - slot->state.view) == 0) continue;
    ++zoomed;
    const double factor = std::sqrt(
        std::abs(view(0, 0) * view(1, 1) - view(0, 1) * view(1, 0)) /
        std::abs(slot->state.view(0, 0) * slot->state.view(1, 1) - slot->state.view(0, 1) * slot->state.view(1, 0)));
    EXPECT_GE(factor, 1.2 - 1e-9);
    EXPECT_NEAR(*slot->state.clicks[0].radius, radius * factor, 1e-6);
    const cv::Mat object = slot->truth.labels == kObject;
    EXPECT_NE(object.at<std::uint8_t>(static_cast<int>(slot->state.clicks[0].v) / 2,
                                      static_cast<int>(slot->state.clicks[0].u) / 2),
              0);
    // the moved answer is the new truth but for the edges, where the old grid was coarser
    const cv::Mat differs = (slot->state.previous > 0) ^ object;
    EXPECT_LT(cv::countNonZero(differs & (slot->truth.labels != kIgnored)), 0.35 * cv::countNonZero(object));
  }
  EXPECT_GT(zoomed, 3);
}

TEST_F(SegmentTrainingTest, ACloseViewShowsWhatIsWrongAndLeavesOtherClicksOut) {
  const auto weights = initial_weights(recipe_.architecture, shipped_weights(), 1);
  ASSERT_TRUE(weights);
  recipe_.clicks = {};
  recipe_.clicks.starts = recipe_.clicks.random = recipe_.clicks.zoom = 0;
  recipe_.clicks.counts = {0, 0, 1};
  recipe_.clicks.close = 1;
  recipe_.geometry.views = {{.weight = 1, .box = std::nullopt}};
  recipe_.geometry.enlargement = 10;
  const SegmentMnv2 network(recipe_.architecture, Weights(*weights));
  const SlotMaker maker(recipe_, examples_, network);
  int came_close = 0, left_out = 0;
  for (std::uint64_t crop = 0; crop < 20; ++crop) {
    auto slot = maker.begin(crop, {65, 65});
    ASSERT_TRUE(slot);
    const cv::Matx23d view = slot->state.view;
    // right but for a small disc near the object's border
    cv::Mat answer(slot->truth.labels.size(), CV_32FC1, cv::Scalar(-3));
    answer.setTo(3, slot->truth.labels == kObject);
    std::vector<cv::Point> border;
    cv::findNonZero(slot->truth.labels == kObject, border);
    cv::circle(answer, border.front(), 3, cv::Scalar(3), cv::FILLED);
    const std::size_t clicks = slot->state.clicks.size();
    const bool goes_on = maker.advance(*slot, answer).goes_on;
    if (!goes_on || cv::norm(view - slot->state.view) == 0) continue;
    ++came_close;
    left_out += slot->state.clicks.size() < clicks + 1 ? 1 : 0;
    for (const PromptClick& click : slot->state.clicks) {
      EXPECT_TRUE(click.u >= 0 && click.u <= 64 && click.v >= 0 && click.v <= 64);
    }
    const PromptClick& newest = slot->state.clicks.back();
    EXPECT_LT(newest.target, 0) << "the disc is too much";
    EXPECT_EQ(slot->truth.labels.at<std::uint8_t>(static_cast<int>(newest.v) / 2, static_cast<int>(newest.u) / 2),
              kBackground);
  }
  EXPECT_GT(came_close, 3);
  EXPECT_GT(left_out, 0);
}

}  // namespace
}  // namespace gbrs::test
