// SPDX-License-Identifier: Apache-2.0
// Random histories: whatever calls were made, and whether the worker was running meanwhile, the answer is
// byte for byte that of the steps replayed in a new session.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <thread>

#include "gbrs/session.hpp"
#include "session/pictures.hpp"

namespace gbrs {
namespace {

constexpr int kWidth = 80;
constexpr int kHeight = 60;

struct Command {
  enum class Kind { add, add_two, move, remove, relabel, radius, undo, redo, cancel, wait, pause };
  Kind kind;
  int x;
  int y;
  int index;
  bool is_include;
};

void showValue(const Command& command, std::ostream& out) {
  constexpr const char* kNames[] = {"add",  "add_two", "move",   "remove", "relabel", "radius",
                                    "undo", "redo",    "cancel", "wait",   "pause"};
  out << kNames[static_cast<int>(command.kind)] << "(" << command.x << "," << command.y << "," << command.index << ","
      << command.is_include << ")";
}

rc::Gen<Command> commands() {
  using Kind = Command::Kind;
  return rc::gen::build<Command>(
      rc::gen::set(&Command::kind, rc::gen::weightedElement<Kind>({{6, Kind::add},
                                                                   {2, Kind::add_two},
                                                                   {2, Kind::move},
                                                                   {2, Kind::remove},
                                                                   {1, Kind::relabel},
                                                                   {1, Kind::radius},
                                                                   {3, Kind::undo},
                                                                   {2, Kind::redo},
                                                                   {2, Kind::cancel},
                                                                   {3, Kind::wait},
                                                                   {3, Kind::pause}})),
      rc::gen::set(&Command::x, rc::gen::inRange(0, kWidth)), rc::gen::set(&Command::y, rc::gen::inRange(0, kHeight)),
      rc::gen::set(&Command::index, rc::gen::inRange(0, 6)), rc::gen::set(&Command::is_include));
}

void apply(Session& session, const Command& command) {
  const Click click{.x = command.x + 0.5,
                    .y = command.y + 0.5,
                    .radius = command.index % 2 == 0 ? std::optional<double>(command.index * 3) : std::nullopt,
                    .target = command.is_include ? kInclude : kExclude};
  const auto index = static_cast<std::size_t>(command.index);
  switch (command.kind) {
    case Command::Kind::add:
      RC_ASSERT(session.add(click).has_value());
      break;
    case Command::Kind::add_two: {
      const Click clicks[] = {click, {.x = kWidth - click.x, .y = click.y, .radius = {}, .target = -click.target}};
      RC_ASSERT(session.add(clicks).has_value());
      break;
    }
    // the result says whether there was such a click
    case Command::Kind::move:
      std::ignore = session.move(index, click.x, click.y);
      break;
    case Command::Kind::remove:
      std::ignore = session.remove(index);
      break;
    case Command::Kind::relabel:
      std::ignore = session.relabel(index, click.target);
      break;
    case Command::Kind::radius:
      std::ignore = session.set_radius(index, click.radius);
      break;
    case Command::Kind::undo:
      session.undo();
      break;
    case Command::Kind::redo:
      session.redo();
      break;
    case Command::Kind::cancel:
      session.cancel();
      break;
    case Command::Kind::wait:
      RC_ASSERT(session.wait().has_value());
      break;
    case Command::Kind::pause:
      std::this_thread::sleep_for(std::chrono::milliseconds(command.x));
      break;
  }
}

/// stop = none in effect: contradicting clicks near each other keep refinements running for a while
SessionOptions options() { return {.layer = LayerType::bmconv, .iterations = 6, .publish_every = 2, .start = {}}; }

Session open() {
  static const test::SmallFrameModel model(65);
  static const test::DiscPicture picture(kWidth, kHeight);
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
