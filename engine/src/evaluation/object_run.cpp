// SPDX-License-Identifier: Apache-2.0
#include "evaluation/object_run.hpp"

#include <cassert>
#include <chrono>

#include "evaluation/clicker.hpp"
#include "gbrs/session.hpp"

namespace gbrs {
namespace {

ClickRules click_rules(const SegmentProtocol& protocol) {
  return {.simulation = {.ignored_label = kIgnoredLabel,
                         .connectivity = protocol.connectivity,
                         .border_counts = protocol.border_counts},
          .no_error = protocol.clicks_without_error ? ClickRules::NoError::click : ClickRules::NoError::stop,
          .jitter = protocol.jitter};
}

/// The simulated click as a person would give it: in the middle of its pixel.
Click session_click(const SimulatedClick& simulated, const RadiusRule& rule) {
  Click click{.x = simulated.u + 0.5,
              .y = simulated.v + 0.5,
              .radius = std::nullopt,
              .target = simulated.label == kObjectLabel ? kInclude : kExclude};
  if (rule.kind == RadiusRule::Kind::paper) click.radius = simulated.radius;
  if (rule.kind == RadiusRule::Kind::fixed) click.radius = rule.pixels;
  return click;
}

/// The answer to one more click, and the seconds it took.
Expected<Answer> timed_answer(Session& session, const Click& click, std::vector<double>& seconds) {
  const auto start = std::chrono::steady_clock::now();
  if (auto added = session.add(click); !added) return std::unexpected(added.error());
  auto answer = session.wait();
  seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  return answer;
}

/// What the last answer says about clicks and steps.
void take_verdicts(ObjectResult& result, const Answer& answer) {
  result.unsatisfied = answer.unsatisfied();
  for (std::size_t i = 0; i < result.clicks.size(); ++i) result.clicks[i].radius = answer.verdicts()[i].radius;
  for (const StepReport& step : answer.steps()) {
    result.encode_seconds += step.encode_ms / 1e3;
    result.notices += step.notice.empty() ? 0 : 1;
  }
}

}  // namespace

Expected<ObjectRun> run_object(const Model& model, ImageView image, const Truth& truth, const std::string& name,
                               const SegmentProtocol& protocol) {
  auto session = Session::create(model, image, protocol.session);
  if (!session) return std::unexpected(session.error());
  if (auto ready = session->wait(); !ready) return std::unexpected(ready.error());  // encoded: not part of a click
  Clicker clicker(truth, name, click_rules(protocol));
  ObjectRun run;
  run.result.object = name;
  std::vector<std::uint8_t> prediction(truth.labels.size(), 0);
  Answer answer;
  for (int i = 0; i < protocol.clicks; ++i) {
    const auto simulated = clicker.next(prediction);
    if (!simulated) break;
    run.result.clicks.push_back(
        {.u = simulated->u, .v = simulated->v, .is_positive = simulated->label == kObjectLabel, .radius = 0});
    auto next = timed_answer(*session, session_click(*simulated, protocol.radius), run.result.seconds);
    if (!next) return std::unexpected(next.error());
    answer = std::move(*next);
    const auto map = answer.render();
    if (!map) return std::unexpected(map.error());
    prediction = predicted_pixels(*map);
    run.result.ious.push_back(intersection_over_union(prediction, truth));
    if (i == 0) run.after_first = prediction;
  }
  assert(!run.result.ious.empty());  // the truth has an object, so the first click has an error
  run.result.ious.resize(static_cast<std::size_t>(protocol.clicks), run.result.ious.back());
  run.after_last = std::move(prediction);
  take_verdicts(run.result, answer);
  return run;
}

}  // namespace gbrs
