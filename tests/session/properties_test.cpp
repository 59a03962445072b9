// SPDX-License-Identifier: Apache-2.0
// Random histories: whatever calls were made, and whether the worker was running meanwhile, the answer is
// byte for byte that of the steps replayed in a new session.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "gbrs/session.hpp"
#include "session/pictures.hpp"
#include "session/random_calls.hpp"

namespace gbrs {
namespace {

using test::Command;
using test::commands;

void apply(Session& session, const Command& command) { test::apply(session, command, std::chrono::milliseconds(1)); }

/// stop = none in effect: contradicting clicks near each other keep refinements running for a while
SessionOptions options() { return {.layer = LayerType::bmconv, .iterations = 6, .publish_every = 2, .start = {}}; }

Session open() {
  static const test::SmallFrameModel model(65);
  static const test::DiscPicture picture(test::kWidth, test::kHeight);
  return std::move(*Session::create(*model, picture.view(), options()));
}

Map replayed(const std::vector<Step>& history) {
  Session session = open();
  RC_ASSERT(session.restore(history).has_value());
  const auto answer = session.wait();
  RC_ASSERT(answer.has_value());
  RC_ASSERT(session.history() == history);
  return *answer->render();
}

RC_GTEST_PROP(SessionProperty, AnyCallsEqualReplayingTheSteps, ()) {
  const auto calls = *rc::gen::container<std::vector<Command>>(commands());
  Session session = open();
  for (const Command& command : calls) apply(session, command);
  const auto answer = session.wait();
  RC_ASSERT(answer.has_value());
  RC_ASSERT(*answer->render() == replayed(session.history()));
}

RC_GTEST_PROP(SessionProperty, UndoingAndRedoingAllGivesTheSameBytes, ()) {
  const auto calls = *rc::gen::container<std::vector<Command>>(commands());
  Session session = open();
  for (const Command& command : calls) apply(session, command);
  RC_ASSERT(session.wait().has_value());
  const auto history = session.history();
  const Map before = *session.answer().render();
  int undone = 0;
  while (session.undo()) ++undone;
  RC_ASSERT(session.clicks().empty());
  RC_ASSERT(session.wait().has_value());
  while (undone-- > 0) RC_ASSERT(session.redo());
  RC_ASSERT(session.wait().has_value());
  RC_ASSERT(session.history() == history);
  RC_ASSERT(*session.answer().render() == before);
}

}  // namespace
}  // namespace gbrs
