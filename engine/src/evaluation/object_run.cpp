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

struct Predicted {
  Answer answer;
  std::vector<std::uint8_t> pixels;  ///< 0 or 1
};

/// The answer to one more click; appends the seconds it took, without rendering.
Expected<Predicted> predict(Session& session, const Click& click, std::vector<double>& seconds) {
  const auto start = std::chrono::steady_clock::now();
  if (auto added = session.add(click); !added) return std::unexpected(added.error());
  auto answer = session.wait();
  if (!answer) return std::unexpected(answer.error());
  seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  const auto map = answer->render();
  if (!map) return std::unexpected(map.error());
  return Predicted{.answer = std::move(*answer), .pixels = predicted_pixels(*map)};
}

/// What the last answer says about clicks and steps.
void take_verdicts(ObjectResult& result, const Answer& answer) {
  result.unsatisfied = answer.unsatisfied();
  for (std::size_t i = 0; i < result.clicks.size(); ++i) result.clicks[i].radius = answer.verdicts()[i].radius;
  for (const StepReport& step : answer.steps()) {
    if (step.encode_ms > 0) result.encode_seconds.push_back(step.encode_ms / 1e3);
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
  ObjectResult& result = run.result;
  result.object = name;
  Predicted last{.answer = {}, .pixels = std::vector<std::uint8_t>(truth.labels.size(), 0)};
  for (int i = 0; i < protocol.clicks; ++i) {
    const auto click = clicker.next(last.pixels);
    if (!click) break;
    result.clicks.push_back({.u = click->u, .v = click->v, .is_positive = click->label == kObjectLabel, .radius = 0});
    auto next = predict(*session, session_click(*click, protocol.radius), result.seconds);
    if (!next) return std::unexpected(next.error());
    last = std::move(*next);
    result.ious.push_back(intersection_over_union(last.pixels, truth));
    if (i == 0) run.after_first = last.pixels;
  }
  assert(!result.ious.empty());  // the truth has an object, so the first click has an error
  result.ious.resize(static_cast<std::size_t>(protocol.clicks), result.ious.back());
  run.after_last = std::move(last.pixels);
  take_verdicts(result, last.answer);
  return run;
}

}  // namespace gbrs
