// SPDX-License-Identifier: Apache-2.0
#include "session/history.hpp"

#include <gtest/gtest.h>

namespace gbrs {
namespace {

Click at(double x) { return {.x = x, .y = 1, .radius = std::nullopt, .target = kInclude}; }

Step step(std::vector<Click> clicks) { return {.clicks = std::move(clicks)}; }
Step stroke(std::vector<Click> clicks) { return {.clicks = std::move(clicks), .is_stroke = true}; }
Step box() { return {.clicks = {}, .box = Box{1, 1, 9, 9}}; }

/// Gives every step of the current version a result, as the worker does.
void finish(History& history) {
  for (const auto& node : history.path())
    if (!node->result) node->result = std::make_shared<StepResult>();
}

TEST(History, AddAfterAFinishedStepIsANewStep) {
  History history;
  history.add(step({at(1)}));
  finish(history);
  history.add(step({at(2)}));
  EXPECT_EQ(history.steps(), (std::vector<Step>{{.clicks = {at(1)}}, {.clicks = {at(2)}}}));
}

TEST(History, AddToAnUnfinishedStepJoinsIt) {
  History history;
  history.add(step({at(1)}));
  history.add(step({at(2)}));
  EXPECT_EQ(history.steps(), (std::vector<Step>{{.clicks = {at(1), at(2)}}}));
}

TEST(History, NothingJoinsAStrokeOrABoxAndTheseJoinNothing) {
  for (const Step& gesture : {stroke({at(2), at(3)}), box()}) {
    History history;
    history.add(step({at(1)}));
    history.add(gesture);
    history.add(step({at(4)}));
    EXPECT_EQ(history.steps(), (std::vector<Step>{step({at(1)}), gesture, step({at(4)})}));
    ASSERT_TRUE(history.undo());
    ASSERT_TRUE(history.undo());
    EXPECT_EQ(history.steps(), (std::vector<Step>{step({at(1)})}));
  }
}

TEST(History, AStepIsReplacedAndRemovedWithTheLaterOnesKept) {
  History history;
  history.add(box());
  finish(history);
  history.add(step({at(4)}));
  finish(history);
  const auto before = history.tip();
  const Step larger{.clicks = {}, .is_refined = false, .box = Box{1, 1, 20, 20}};
  ASSERT_TRUE(history.replace_step(0, larger));
  EXPECT_TRUE(history.steps()[0].is_refined) << "it was another one that was cancelled";
  EXPECT_EQ(history.steps()[0].box, larger.box);
  EXPECT_EQ(history.steps()[1], step({at(4)}));
  EXPECT_EQ(history.first_unfinished(), history.path()[0]);
  ASSERT_TRUE(history.replace_step(0, {}));
  EXPECT_EQ(history.steps(), (std::vector<Step>{step({at(4)})}));
  EXPECT_EQ(history.replace_step(1, {}).error().code, ErrorCode::not_found);
  ASSERT_TRUE(history.undo());
  ASSERT_TRUE(history.undo());
  EXPECT_EQ(history.tip(), before);
}

TEST(History, UndoOfAJoinedClickLeavesTheClickBefore) {
  History history;
  history.add(step({at(1)}));
  history.add(step({at(2)}));
  ASSERT_TRUE(history.undo());
  EXPECT_EQ(history.steps(), (std::vector<Step>{{.clicks = {at(1)}}}));
}

TEST(History, UndoAndRedoKeepResults) {
  History history;
  history.add(step({at(1)}));
  finish(history);
  const auto first = history.tip();
  history.add(step({at(2)}));
  finish(history);
  const auto second = history.tip();
  ASSERT_TRUE(history.undo());
  EXPECT_EQ(history.tip(), first);
  EXPECT_EQ(history.first_unfinished(), nullptr);
  ASSERT_TRUE(history.redo());
  EXPECT_EQ(history.tip(), second);
  EXPECT_FALSE(history.redo());
}

TEST(History, EditKeepsTheStepsBeforeAndRenewsThoseAfter) {
  History history;
  for (int i = 0; i < 3; ++i) {
    history.add(step({at(i)}));
    finish(history);
  }
  const auto before = history.path();
  ASSERT_TRUE(history.replace(1, at(9)));
  const auto after = history.path();
  ASSERT_EQ(after.size(), 3U);
  EXPECT_EQ(after[0], before[0]);
  EXPECT_EQ(history.first_unfinished(), after[1]);
  EXPECT_EQ(after[1]->step.clicks[0], at(9));
  EXPECT_EQ(after[2]->step, before[2]->step);
}

TEST(History, RemovingTheLastClickOfAStepRemovesTheStep) {
  History history;
  history.add(step({at(1)}));
  finish(history);
  history.add(step({at(2)}));
  finish(history);
  ASSERT_TRUE(history.replace(0, std::nullopt));
  EXPECT_EQ(history.steps(), (std::vector<Step>{{.clicks = {at(2)}}}));
  ASSERT_TRUE(history.replace(0, std::nullopt));
  EXPECT_EQ(history.tip(), nullptr);
}

TEST(History, AStrokeOfOneClickIsAPlainClick) {
  History history;
  history.add(stroke({at(1), at(2)}));
  finish(history);
  ASSERT_TRUE(history.replace(0, std::nullopt));
  EXPECT_EQ(history.steps(), (std::vector<Step>{{.clicks = {at(2)}}}));
}

TEST(History, ClickThatDoesNotExistIsAnErrorAndChangesNothing) {
  History history;
  history.add(step({at(1)}));
  const auto result = history.replace(1, at(2));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::not_found);
  EXPECT_EQ(history.steps().size(), 1U);
}

TEST(History, NewChangeAfterUndoForgetsWhatCouldBeRedone) {
  History history;
  history.add(step({at(1)}));
  finish(history);
  history.undo();
  history.add(step({at(2)}));
  EXPECT_FALSE(history.can_redo());
  EXPECT_TRUE(history.can_undo());
}

TEST(History, CancelMarksUnfinishedStepsOnly) {
  History history;
  history.add(step({at(1)}));
  finish(history);
  history.add(step({at(2)}));
  history.cancel();
  EXPECT_TRUE(history.steps()[0].is_refined);
  EXPECT_FALSE(history.steps()[1].is_refined);
}

TEST(History, EditedStepIsRefinedAgainThoughItWasCancelled) {
  History history;
  history.add(step({at(1)}));
  history.cancel();
  finish(history);
  ASSERT_TRUE(history.replace(0, at(2)));
  EXPECT_TRUE(history.steps()[0].is_refined);
}

}  // namespace
}  // namespace gbrs
