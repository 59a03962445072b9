// SPDX-License-Identifier: Apache-2.0
#pragma once

// Random calls of a session, and a Caller that makes them: of Session itself or of what stands in for it.

#include <rapidcheck.h>

#include <ostream>
#include <thread>

#include "gbrs/session.hpp"

namespace gbrs::test {

constexpr int kWidth = 80;
constexpr int kHeight = 60;

struct Command {
  enum class Kind {
    add, stroke, box, move, remove, relabel, radius, replace, remove_step, preview, undo, redo, cancel, restore, wait, pause
  };
  Kind kind;
  int x;
  int y;
  int index;
  bool is_include;

  [[nodiscard]] Click click() const {
    return {.x = x + 0.5,
            .y = y + 0.5,
            .radius = index % 2 == 0 ? std::optional<double>(index * 3) : std::nullopt,
            .target = is_include ? kInclude : kExclude};
  }
  /// For stroke.
  [[nodiscard]] std::vector<Click> clicks() const {
    const Click one = click();
    return {one, {.x = kWidth - one.x, .y = one.y, .radius = {}, .target = -one.target}};
  }
  [[nodiscard]] Box box() const {
    const double right = x + 1 + 7 * index, bottom = y + 1 + 7 * index;
    return {x + 0.0, y + 0.0, std::min<double>(right, kWidth), std::min<double>(bottom, kHeight)};
  }
  /// For replace.
  [[nodiscard]] Step step() const {
    if (is_include) return {.clicks = {}, .box = box()};
    return {.clicks = clicks(), .is_stroke = true};
  }
  /// For restore: something like `steps`, in another order and with another end.
  [[nodiscard]] std::vector<Step> restored(std::vector<Step> steps) const {
    if (!steps.empty()) std::ranges::rotate(steps, steps.begin() + index % static_cast<std::ptrdiff_t>(steps.size()));
    steps.resize(std::min<std::size_t>(steps.size(), 4));
    steps.push_back({.clicks = {click()}, .is_refined = is_include});
    return steps;
  }
};

inline void showValue(const Command& command, std::ostream& out) {
  constexpr const char* kNames[] = {"add",    "stroke",  "box",         "move", "remove", "relabel", "radius",
                                    "replace", "remove_step", "preview", "undo", "redo",   "cancel",  "restore", "wait", "pause"};
  out << kNames[static_cast<int>(command.kind)] << "(" << command.x << "," << command.y << "," << command.index << ","
      << command.is_include << ")";
}

inline rc::Gen<Command> commands() {
  using Kind = Command::Kind;
  return rc::gen::build<Command>(
      rc::gen::set(&Command::kind, rc::gen::weightedElement<Kind>({{6, Kind::add},
                                                                   {2, Kind::stroke},
                                                                   {2, Kind::box},
                                                                   {2, Kind::move},
                                                                   {2, Kind::remove},
                                                                   {1, Kind::relabel},
                                                                   {1, Kind::radius},
                                                                   {1, Kind::replace},
                                                                   {1, Kind::remove_step},
                                                                   {2, Kind::preview},
                                                                   {3, Kind::undo},
                                                                   {2, Kind::redo},
                                                                   {2, Kind::cancel},
                                                                   {1, Kind::restore},
                                                                   {3, Kind::wait},
                                                                   {3, Kind::pause}})),
      rc::gen::set(&Command::x, rc::gen::inRange(0, kWidth)), rc::gen::set(&Command::y, rc::gen::inRange(0, kHeight)),
      rc::gen::set(&Command::index, rc::gen::inRange(0, 6)), rc::gen::set(&Command::is_include));
}

/// Makes the call; a pause lasts up to kWidth times `pause`.
template <class Caller>
void apply(Caller& caller, const Command& command, std::chrono::microseconds pause) {
  const auto index = static_cast<std::size_t>(command.index);
  const Click click = command.click();
  const bool is_shown = command.index > 0;
  switch (command.kind) {
    case Command::Kind::add:
      RC_ASSERT(caller.add(click).has_value());
      break;
    case Command::Kind::stroke:
      RC_ASSERT(caller.add(command.clicks()).has_value());
      break;
    case Command::Kind::box:
      RC_ASSERT(caller.add(command.box()).has_value());
      break;
    // the result says whether there was such a click, or step
    case Command::Kind::move:
      std::ignore = caller.move(index, click.x, click.y);
      break;
    case Command::Kind::remove:
      std::ignore = caller.remove(index);
      break;
    case Command::Kind::relabel:
      std::ignore = caller.relabel(index, click.target);
      break;
    case Command::Kind::radius:
      std::ignore = caller.set_radius(index, click.radius);
      break;
    case Command::Kind::replace:
      std::ignore = caller.replace_step(index, command.step());
      break;
    case Command::Kind::remove_step:
      std::ignore = caller.replace_step(index, {});
      break;
    case Command::Kind::preview:  // leaves no trace
      RC_ASSERT(caller.preview(is_shown ? std::optional(click) : std::nullopt).has_value());
      break;
    case Command::Kind::undo:
      caller.undo();
      break;
    case Command::Kind::redo:
      caller.redo();
      break;
    case Command::Kind::cancel:
      caller.cancel();
      break;
    case Command::Kind::restore:
      RC_ASSERT(caller.restore(command.restored(caller.history())).has_value());
      break;
    case Command::Kind::wait:
      RC_ASSERT(caller.wait().has_value());
      break;
    case Command::Kind::pause:
      std::this_thread::sleep_for(command.x * pause);
      break;
  }
}

}  // namespace gbrs::test
