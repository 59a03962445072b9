// SPDX-License-Identifier: GPL-3.0-or-later
#include "editing/status_text.hpp"

#include <gtest/gtest.h>

#include "base/guard.hpp"

namespace gbrs::plugin {
namespace {

TEST(StatusText, SaysWhatTheEngineDoes) {
  EXPECT_EQ(progress_text({}, "Looking…"), "");
  EXPECT_EQ(progress_text({.phase = Progress::Phase::loading}, "Looking…"), "Loading the network…");
  EXPECT_EQ(progress_text({.phase = Progress::Phase::first_answer}, "Looking…"), "Looking…");
  const Progress refining{.phase = Progress::Phase::refining, .step = 0, .steps = 1, .iteration = 7, .iterations = 20};
  EXPECT_EQ(progress_text(refining, "Looking…"), "Refining: iteration 7 of at most 20");
}

TEST(StatusText, ProgressGrowsFromPhaseToPhase) {
  using Phase = Progress::Phase;
  EXPECT_FALSE(progress_fraction({}));
  double before = 0;
  for (const Phase phase : {Phase::loading, Phase::encoding, Phase::first_answer, Phase::refining}) {
    const auto fraction = progress_fraction({.phase = phase, .step = 0, .steps = 1, .iteration = 1, .iterations = 20});
    ASSERT_TRUE(fraction);
    EXPECT_GT(*fraction, before);
    before = *fraction;
  }
  EXPECT_DOUBLE_EQ(*progress_fraction({.phase = Phase::refining, .iteration = 20, .iterations = 20}), 1.0);
}

TEST(StatusText, WithoutClicksItSaysWhatToDo) {
  EXPECT_EQ(answer_text(Answer(), "Click somewhere."), "Click somewhere.");
}

TEST(StatusText, WhatIsPaintedIsCounted) {
  EXPECT_EQ(painted_text(0), "");
  EXPECT_EQ(painted_text(1), "1 painted stroke, seen in the view Trimap (R).");
  EXPECT_EQ(painted_text(3), "3 painted strokes, seen in the view Trimap (R).");
}

TEST(StatusText, AClickThatIsNotObeyedSaysWhy) {
  EXPECT_EQ(verdict_text({}), "yes");
  const std::string contradicted = verdict_text({.is_satisfied = false, .radius = 9, .contradicts = 4});
  EXPECT_NE(contradicted.find("click 5"), std::string::npos) << "people count from one";
  EXPECT_NE(verdict_text({.is_satisfied = false, .radius = 9, .contradicts = {}}), contradicted);
}

TEST(Guard, AnExceptionBecomesASentenceAndTheFallback) {
  std::string told;
  const int result = guarded(7, [&](const std::string& text) { told = text; },
                             []() -> int { throw std::runtime_error("the reason"); });
  EXPECT_EQ(result, 7);
  EXPECT_EQ(told, "the reason");
}

TEST(Guard, WhateverIsThrownIsCaught) {
  EXPECT_EQ(guarded(1, [](const std::string&) { throw 2; }, []() -> int { throw std::bad_alloc(); }), 1);
}

}  // namespace
}  // namespace gbrs::plugin
