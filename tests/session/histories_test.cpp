// SPDX-License-Identifier: Apache-2.0
// Random histories, many of them, with a network that needs microseconds (tiny_network.cpp): a model of the history
// that is written down here says what each call must lead to, and a new session replays it.
// GBRS_HISTORIES=COUNT makes so many; `./dev test histories COUNT`.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdlib>
#include <map>

#include "session/random_calls.hpp"
#include "session/tiny_model.hpp"

namespace gbrs {
namespace {

using test::Command;
using test::commands;

// RapidCheck reads its settings at the first property; the histories are shared by the two below. A failure is
// reproduced with RC_PARAMS and without GBRS_HISTORIES.
const bool kIsConfigured = [] {
  const char* count = std::getenv("GBRS_HISTORIES");
  const long histories = count != nullptr ? std::atol(count) : 2000;
  setenv("RC_PARAMS", ("max_success=" + std::to_string(std::max(1L, histories / 2))).c_str(), count != nullptr ? 1 : 0);
  return true;
}();

Session open(bool has_start) {
  static const test::DiscPicture picture(test::kWidth, test::kHeight);
  SessionOptions options{.publish_every = 2};
  if (has_start) {
    Map start{.width = test::kWidth, .height = test::kHeight, .values = {}};
    for (int i = 0; i < test::kWidth * test::kHeight; ++i)
      start.values.push_back(i % test::kWidth < test::kWidth / 2 ? 0.9F : 0.1F);
    options.start = std::make_shared<const Map>(std::move(start));
  }
  auto session = Session::create(test::tiny_model(), picture.view(), std::move(options));
  RC_ASSERT(session.has_value());
  return std::move(*session);
}

Map replayed(const std::vector<Step>& history, bool has_start) {
  Session session = open(has_start);
  RC_ASSERT(session.restore(history).has_value());
  const auto answer = session.wait();
  RC_ASSERT(answer.has_value());
  RC_ASSERT(session.history() == history);
  return *answer->render();
}

/// The network's steps wait while it is there and closed; opened on every way out, since sessions wait for their
/// worker.
class ClosedGate {
 public:
  ClosedGate() { gate().close(); }
  ClosedGate(const ClosedGate&) = delete;
  ClosedGate& operator=(const ClosedGate&) = delete;
  ~ClosedGate() { gate().open(); }
  static test::TinyGate& gate() { return test::tiny_gate(); }
};

/// What session.hpp says about histories, as lists of steps that are copied at every change.
class HistoryModel {
 public:
  enum class Progress { open, may_be_done, done };
  struct ModelStep {
    Step step;
    Progress progress = Progress::open;
  };
  using Version = std::vector<std::shared_ptr<ModelStep>>;

  [[nodiscard]] const Version& version() const { return versions_[current_]; }
  [[nodiscard]] std::vector<Step> history() const {
    std::vector<Step> steps;
    for (const auto& step : version()) steps.push_back(step->step);
    return steps;
  }
  [[nodiscard]] bool can_undo() const { return current_ > 0; }
  [[nodiscard]] bool can_redo() const { return current_ + 1 < versions_.size(); }

  /// `real` is what the session made of it: it settles what depends on how far the worker was.
  void add(const std::vector<Click>& clicks, const std::vector<Step>& real) {
    Version next = version();
    const bool may_join = !next.empty() && next.back()->progress != Progress::done && !is_gesture(next.back()->step);
    const bool may_append = next.empty() || next.back()->progress != Progress::open || is_gesture(next.back()->step);
    if (may_join && (!may_append || real.size() == next.size())) {
      Step step = next.back()->step;
      step.clicks.insert(step.clicks.end(), clicks.begin(), clicks.end());
      step.is_refined = true;
      next.back() = fresh(step);
    } else {
      // known to be done, as it was not joined
      if (!next.empty() && !is_gesture(next.back()->step)) next.back()->progress = Progress::done;
      next.push_back(fresh({.clicks = clicks}));
    }
    push(std::move(next));
  }
  /// A stroke or a box.
  void add_gesture(const Step& step) {
    Version next = version();
    next.push_back(fresh(step));
    push(std::move(next));
  }
  void replace_step(std::size_t index, Step step) {
    if (index >= version().size()) return;
    Version next;
    for (std::size_t i = 0; i < version().size(); ++i) {
      if (i < index) next.push_back(version()[i]);
      if (i > index) next.push_back(fresh(version()[i]->step));
      if (i == index && !step.is_empty()) next.push_back(fresh(step));
    }
    push(std::move(next));
  }
  template <class Edit>
  void change_click(std::size_t index, Edit edit) {
    Version next;
    bool is_changed = false;
    for (const auto& old : version()) {
      Step step = old->step;
      if (!is_changed && index < step.clicks.size()) {
        edit(step.clicks, step.clicks.begin() + static_cast<std::ptrdiff_t>(index));
        step.is_stroke = step.is_stroke && step.clicks.size() > 1;  // as it would be written and read
        step.is_refined = true;
        is_changed = true;
        if (!step.is_empty()) next.push_back(fresh(step));
      } else {
        next.push_back(is_changed ? fresh(step) : old);
        index -= is_changed ? 0 : step.clicks.size();
      }
    }
    if (is_changed) push(std::move(next));
  }
  void restore(const std::vector<Step>& steps) {
    Version next;
    for (const Step& step : steps) next.push_back(fresh(step));
    push(std::move(next));
  }
  void undo() { current_ -= can_undo() ? 1 : 0; }
  void redo() { current_ += can_redo() ? 1 : 0; }
  void cancel() {
    for (const auto& step : version())
      if (step->progress != Progress::done) step->step.is_refined = false;
  }
  /// The worker was let go until the current version was computed. A step of another version that needs no refinement
  /// keeps its result if it was the one being computed.
  void finish() {
    for (const Version& other : versions_)
      for (const auto& step : other)
        if (step->progress == Progress::open && !step->step.is_refined) step->progress = Progress::may_be_done;
    for (const auto& step : version()) step->progress = Progress::done;
  }

 private:
  static bool is_gesture(const Step& step) { return step.is_stroke || step.box.has_value(); }
  static std::shared_ptr<ModelStep> fresh(Step step) {
    return std::make_shared<ModelStep>(ModelStep{.step = std::move(step)});
  }
  void push(Version next) {
    versions_.resize(current_ + 1);
    versions_.push_back(std::move(next));
    ++current_;
  }

  std::vector<Version> versions_{{}};
  std::size_t current_ = 0;
};

void apply(HistoryModel& model, const Command& command, const std::vector<Step>& real) {
  using Clicks = std::vector<Click>;
  const Click click = command.click();
  const auto index = static_cast<std::size_t>(command.index);
  switch (command.kind) {
    case Command::Kind::add:
      return model.add({click}, real);
    case Command::Kind::stroke:
      return model.add_gesture({.clicks = command.clicks(), .is_stroke = true});
    case Command::Kind::box:
      return model.add_gesture({.clicks = {}, .box = command.box()});
    case Command::Kind::move:
      return model.change_click(index, [&](Clicks&, Clicks::iterator at) {
        at->x = click.x;
        at->y = click.y;
      });
    case Command::Kind::remove:
      return model.change_click(index, [](Clicks& clicks, Clicks::iterator at) { clicks.erase(at); });
    case Command::Kind::relabel:
      return model.change_click(index, [&](Clicks&, Clicks::iterator at) { at->target = click.target; });
    case Command::Kind::radius:
      return model.change_click(index, [&](Clicks&, Clicks::iterator at) { at->radius = click.radius; });
    case Command::Kind::replace:
      return model.replace_step(index, command.step());
    case Command::Kind::remove_step:
      return model.replace_step(index, {});
    case Command::Kind::preview:
      return;
    case Command::Kind::undo:
      return model.undo();
    case Command::Kind::redo:
      return model.redo();
    case Command::Kind::cancel:
      return model.cancel();
    case Command::Kind::restore:
      return model.restore(command.restored(model.history()));
    case Command::Kind::wait:
      return model.finish();
    case Command::Kind::pause:
      return;
  }
}

std::string key_of(const std::vector<Step>& history) {
  std::string key;
  for (const Step& step : history) key += format_steps(std::span(&step, 1)) + (step.is_stroke ? "~" : "") + (step.is_refined ? "|" : "!|");
  return key;
}

/// The worker stands still but in wait(): what each call leads to is known.
RC_GTEST_PROP(Histories, EachCallLeadsToWhatTheModelSays, ()) {
  const auto calls = *rc::gen::container<std::vector<Command>>(commands());
  const bool has_start = *rc::gen::arbitrary<bool>();
  Session session = open(has_start);
  ClosedGate closed;
  HistoryModel model;
  std::map<std::string, Map> answers;
  const auto check_answer = [&](const Answer& answer) {
    RC_ASSERT(answer.is_final());
    RC_ASSERT(std::ranges::equal(answer.clicks(), session.clicks()));
    RC_ASSERT(answer.steps().size() == session.history().size());
    const auto [known, is_new] = answers.try_emplace(key_of(session.history()), *answer.render());
    RC_ASSERT(is_new || known->second == *answer.render());
  };
  for (const Command& command : calls) {
    if (command.kind == Command::Kind::wait) {
      ClosedGate::gate().open();
      const auto answer = session.wait();
      ClosedGate::gate().close();
      RC_ASSERT(answer.has_value());
      check_answer(*answer);
    } else {
      test::apply(session, command, {});
    }
    apply(model, command, session.history());
    RC_ASSERT(session.history() == model.history());
    RC_ASSERT(session.can_undo() == model.can_undo());
    RC_ASSERT(session.can_redo() == model.can_redo());
  }
  ClosedGate::gate().open();
  const auto answer = session.wait();
  RC_ASSERT(answer.has_value());
  check_answer(*answer);
  RC_ASSERT(session.history() == model.history());
  RC_ASSERT(*answer->render() == replayed(model.history(), has_start));
}

/// The worker runs meanwhile.
RC_GTEST_PROP(Histories, AnyCallsEqualReplayingTheSteps, ()) {
  const auto calls = *rc::gen::container<std::vector<Command>>(commands());
  const bool has_start = *rc::gen::arbitrary<bool>();
  Session session = open(has_start);
  for (const Command& command : calls) test::apply(session, command, std::chrono::microseconds(1));
  const auto answer = session.wait();
  RC_ASSERT(answer.has_value());
  const auto history = session.history();
  RC_ASSERT(std::ranges::equal(answer->clicks(), session.clicks()));
  RC_ASSERT(*answer->render() == replayed(history, has_start));
}

}  // namespace
}  // namespace gbrs
