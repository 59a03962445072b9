// SPDX-License-Identifier: Apache-2.0
// A training of matting on small generated objects: what learns, the loss, checkpoints.

#include "training/matte_training.hpp"

#include <ATen/Parallel.h>
#include <ATen/ops/full.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>

#include <fstream>

#include "support/temporary_folder.hpp"
#include "support/tensors.hpp"
#include "training/ellipses.hpp"
#include "training/matte_loss.hpp"
#include "training/training_checks.hpp"

namespace gbrs::test {
namespace {

class MatteTrainingTest : public testing::Test {
 protected:
  void SetUp() override {
    at::set_num_threads(1);
    std::filesystem::create_directories(folder_.path() / "set");
    for (int i = 0; i < 6; ++i) std::ofstream(folder_.path() / "set" / (std::to_string(i) + ".png"));
    auto recipe = parse_recipe(R"({"architecture": "matte-mnv2", "samples": 40, "type": "float32",
      "data": [{"generated": "hair", "backgrounds": ["set"]}, {"generated": "glass", "backgrounds": ["set"]}],
      "crops": [{"size": 65, "batch": 2}, {"size": [49, 65], "batch": 2}], "optimiser": {"warm_up": 0}})",
                               Task::matte);
    ASSERT_TRUE(recipe) << recipe.error().message;
    recipe_ = std::move(*recipe);
    auto composites = Composites::open(recipe_, {.root = folder_.path(), .held_out = 0}, files_);
    ASSERT_TRUE(composites);
    composites_ = std::move(*composites);
  }

  std::unique_ptr<MatteTraining> make(const Recipe& recipe) {
    const auto weights = initial_weights(recipe.architecture, std::nullopt, recipe.seed);
    EXPECT_TRUE(weights);
    auto training = MatteTraining::make(recipe, *weights, composites_);
    EXPECT_TRUE(training);
    return std::move(*training);
  }

  TemporaryFolder folder_;
  EllipseFiles files_;
  Recipe recipe_;
  Composites composites_;
};

TEST_F(MatteTrainingTest, GradientsReachEveryLearningWeightAndNoFrozenOne) {
  const auto training = make(recipe_);
  EXPECT_GT(expect_learning_weights_only_change(*training, 3), 0);
  EXPECT_EQ(training->samples(), 6);
}

TEST_F(MatteTrainingTest, StepsInBfloat16FollowThoseInFloat32) {
  Recipe recipe = recipe_;
  recipe.is_bfloat16 = true;
  const auto narrow = make(recipe), wide = make(recipe_);
  const auto found = narrow->step(), expected = wide->step();
  ASSERT_TRUE(found && expected);
  EXPECT_NEAR(found->loss, expected->loss, 0.05 * expected->loss);
  EXPECT_NEAR(found->gradient_norm, expected->gradient_norm, 0.2 * expected->gradient_norm);
}

TEST_F(MatteTrainingTest, GoesOnFromACheckpointAsIfNothingHadHappened) {
  const auto again = [&](TensorMap weights) { return MatteTraining::make(recipe_, std::move(weights), composites_); };
  expect_goes_on_from_checkpoint(*make(recipe_), folder_.path() / "checkpoint.safetensors", 2, 2, again);
}

TEST_F(MatteTrainingTest, OtherArchitecturesAreRefused) {
  recipe_.architecture = "segment-mnv2";
  const auto made = MatteTraining::make(recipe_, {}, composites_);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::unsupported);
}

TEST(MatteLoss, CountsErrorsInTheUnknownBandOnly) {
  const Tensor truth = at::zeros({1, 1, 16, 16}), contrast = at::full({1, 1, 16, 16}, 0.5);
  Tensor unknown = at::zeros({1, 1, 16, 16});
  unknown.narrow(2, 4, 8).fill_(1);
  const MatteLossRecipe plain{.composition = 0, .pyramid = 0};
  Tensor alpha = at::full({1, 1, 16, 16}, 0.25);
  EXPECT_NEAR(matte_loss(alpha, truth, unknown, contrast, plain).item<double>(), 0.25, 1e-3);
  // the colours are wrong by 0.25 times the contrast
  EXPECT_NEAR(matte_loss(alpha, truth, unknown, contrast, {.composition = 2, .pyramid = 0}).item<double>(),
              0.25 + 2 * 0.25 * 0.5, 1e-3);
  alpha.narrow(2, 4, 8).fill_(0);
  for (const double pyramid : {0.0, 1.0})
    EXPECT_NEAR(matte_loss(alpha, truth, unknown, contrast, {.composition = 1, .pyramid = pyramid}).item<double>(), 0,
                1e-3);
}

TEST(MatteLoss, ThePyramidSeesErrorsThatChangeFromPixelToPixel) {
  const Tensor truth = at::zeros({1, 1, 32, 32}), ones = at::ones({1, 1, 32, 32});
  const MatteLossRecipe without{.composition = 0, .pyramid = 0}, with{.composition = 0, .pyramid = 1};
  const Tensor even = at::full({1, 1, 32, 32}, 0.3);
  Tensor board = even.clone();
  board.slice(2, 0, 32, 2).mul_(-1);
  const auto of_pyramid = [&](const Tensor& alpha) {
    return (matte_loss(alpha, truth, ones, ones, with) - matte_loss(alpha, truth, ones, ones, without)).item<double>();
  };
  EXPECT_NEAR(of_pyramid(even), 0, 1e-3);     // the pyramid's bands leave the mean out
  EXPECT_NEAR(of_pyramid(board), 0.3, 0.02);  // all in the finest band
}

}  // namespace
}  // namespace gbrs::test
