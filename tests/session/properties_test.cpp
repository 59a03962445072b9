// SPDX-License-Identifier: Apache-2.0
// Random histories: whatever calls were made, and whether the worker was running meanwhile, the answer is
// byte for byte that of the steps replayed in a new session.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "gbrs/session.hpp"
#include "session/pictures.hpp"
#include "session/random_calls.hpp"
#include "support/script_home.hpp"

namespace gbrs {
namespace {

using test::Command;
using test::commands;

void apply(Session& session, const Command& command) { test::apply(session, command, std::chrono::milliseconds(1)); }

/// stop = none in effect: contradicting clicks near each other keep refinements running for a while
SessionOptions options() {
  return {.layer = LayerType::bmconv, .method = {.iterations = 6}, .publish_every = 2, .start = {}};
}

Session open(const Model& model) {
  static const test::DiscPicture picture(test::kWidth, test::kHeight);
  return std::move(*Session::create(model, picture.view(), options()));
}

const Model& shipped() {
  static const test::SmallFrameModel instance(65);
  return *instance;
}

/// A network of its user's own, which clicks do not enter.
const Model& script() {
  static const test::ScriptHome home;
  static const auto added = home.add(test::script_manifest("segment"));
  static const Model instance = *Model::open("tiny", {.device = Device::cpu, .threads = 1});
  return instance;
}

Map replayed(const Model& model, const std::vector<Step>& history) {
  Session session = open(model);
  RC_ASSERT(session.restore(history).has_value());
  const auto answer = session.wait();
  RC_ASSERT(answer.has_value());
  RC_ASSERT(session.history() == history);
  return *answer->render();
}

void any_calls_equal_replaying_the_steps(const Model& model) {
  const auto calls = *rc::gen::container<std::vector<Command>>(commands());
  Session session = open(model);
  for (const Command& command : calls) apply(session, command);
  const auto answer = session.wait();
  RC_ASSERT(answer.has_value());
  RC_ASSERT(*answer->render() == replayed(model, session.history()));
}

void undoing_and_redoing_all_gives_the_same_bytes(const Model& model) {
  const auto calls = *rc::gen::container<std::vector<Command>>(commands());
  Session session = open(model);
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

RC_GTEST_PROP(SessionProperty, AnyCallsEqualReplayingTheSteps, ()) { any_calls_equal_replaying_the_steps(shipped()); }
RC_GTEST_PROP(SessionProperty, UndoingAndRedoingAllGivesTheSameBytes, ()) {
  undoing_and_redoing_all_gives_the_same_bytes(shipped());
}
RC_GTEST_PROP(ScriptProperty, AnyCallsEqualReplayingTheSteps, ()) { any_calls_equal_replaying_the_steps(script()); }
RC_GTEST_PROP(ScriptProperty, UndoingAndRedoingAllGivesTheSameBytes, ()) {
  undoing_and_redoing_all_gives_the_same_bytes(script());
}

}  // namespace
}  // namespace gbrs
