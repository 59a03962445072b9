// SPDX-License-Identifier: Apache-2.0
#pragma once

// What holds for a training of any task.

#include <gtest/gtest.h>

#include <filesystem>

#include "training/checkpoint.hpp"
#include "training/learned_weights.hpp"

namespace gbrs::test {

/// `first` steps, a checkpoint, and `second` steps more are the same as what `make_again`, given the checkpoint's
/// weights, does from there on.
template <class Training, class MakeAgain>
void expect_goes_on_from_checkpoint(Training& through, const std::filesystem::path& path, int first, int second,
                                    const MakeAgain& make_again) {
  for (int i = 0; i < first; ++i) ASSERT_TRUE(through.step());
  ASSERT_TRUE(write_checkpoint(path, through));
  auto checkpoint = read_checkpoint(path);
  ASSERT_TRUE(checkpoint) << checkpoint.error().message << checkpoint.error().detail;
  EXPECT_EQ(checkpoint->recipe, through.recipe().text);
  const auto again = make_again(checkpoint->weights());
  ASSERT_TRUE(again);
  ASSERT_TRUE((*again)->restore(checkpoint->progress, checkpoint->tensors));
  for (int i = 0; i < second; ++i) {
    const auto expected = through.step(), found = (*again)->step();
    ASSERT_TRUE(expected && found);
    EXPECT_EQ(found->loss, expected->loss) << i;
  }
  const TensorMap expected = through.weights().state();
  for (const auto& [key, value] : (*again)->weights().state()) EXPECT_TRUE(value.equal(expected.at(key))) << key;
}

/// After some steps every weight that learns has another value and was reached by a gradient, and no frozen one has.
/// Returns how many learn.
template <class Training>
int expect_learning_weights_only_change(Training& training, int steps) {
  TensorMap copies;
  for (const auto& [key, value] : training.weights().state()) copies.emplace(key, value.clone());
  for (int i = 0; i < steps; ++i) EXPECT_TRUE(training.step());
  int learning = 0;
  for (const auto& [key, value] : training.weights().state()) {
    if (key.starts_with("frozen/")) {
      EXPECT_TRUE(LearnedWeights::is_shallow(key.substr(7))) << key;
      EXPECT_TRUE(value.equal(copies.at(key))) << key;
    }
    if (key.starts_with("value/")) {
      ++learning;
      EXPECT_FALSE(value.equal(copies.at(key))) << key;
    }
    if (key.starts_with("first/")) {
      EXPECT_GT(value.abs().max().template item<double>(), 0) << key;
    }
  }
  return learning;
}

}  // namespace gbrs::test
