// SPDX-License-Identifier: Apache-2.0
// Closer looks as part of a step, with the tiny network: what is seen before them, and what stays when they fail.

#include <gtest/gtest.h>

#include <atomic>
#include <memory>

#include "session/tiny_model.hpp"

namespace gbrs {
namespace {

const test::DiscPicture picture(80, 60);
const Click everything{.x = 40.5, .y = 30.5};
const Click part{.x = 20.5, .y = 20.5, .radius = 3, .target = kExclude};

/// All of the picture is selected, and seen.
Session opened(SessionOptions options = {}) {
  auto session = Session::create(test::tiny_model(), picture.view(), std::move(options));
  EXPECT_TRUE(session);
  EXPECT_TRUE(session->add(everything));
  const auto answer = session->wait();
  EXPECT_TRUE(answer) << answer.error().message << " " << answer.error().detail;
  return std::move(*session);
}

TEST(CloserLook, AStepWhoseLookFailsKeepsItsAnswerAndSaysSo) {
  SessionOptions without;
  ASSERT_TRUE(set_option(without.method, "close_up=off"));
  Session far = opened(std::move(without)), session = opened();
  ASSERT_TRUE(far.add(part));
  test::tiny_gate().has_memory = false;
  ASSERT_TRUE(session.add(part));
  const auto answer = session.wait();
  test::tiny_gate().has_memory = true;
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->steps()[1].notice, "The closer look at the click failed: There is not enough memory.");
  EXPECT_EQ(answer->steps()[1].close_ms, 0);
  EXPECT_EQ(*answer->render(), *far.wait()->render());

  Session again = opened();
  ASSERT_TRUE(again.add(part));
  EXPECT_EQ(again.wait()->steps()[1].notice, "");
  EXPECT_NE(*again.answer().render(), *answer->render()) << "so there was something to look at";
}

TEST(CloserLook, TheAnswerBeforeItIsSeenOnlyWhereAnswersOnTheWayAre) {
  for (const int every : {0, 100}) {
    auto unfinished = std::make_shared<std::atomic<int>>(0);
    Session session = opened({.publish_every = every});
    session.on_change([&session, unfinished] {
      const Progress progress = session.progress();  // before the first iteration of the tiny network another one comes
      *unfinished += !session.answer().is_final() && progress.iteration == progress.iterations;
    });
    ASSERT_TRUE(session.add(part));
    ASSERT_TRUE(session.wait());
    session.on_change({});
    EXPECT_EQ(*unfinished > 0, every > 0);
  }
}

}  // namespace
}  // namespace gbrs
