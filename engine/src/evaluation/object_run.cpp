// SPDX-License-Identifier: Apache-2.0
#include "evaluation/object_run.hpp"

#include <cassert>

#include "evaluation/clicker.hpp"

namespace gbrs {
namespace {

ClickRules click_rules(const Protocol& protocol) {
  return {.simulation = {.ignored_label = kIgnoredLabel,
                         .connectivity = protocol.connectivity,
                         .border_counts = protocol.border_counts},
          .no_error = protocol.clicks_without_error ? ClickRules::NoError::click : ClickRules::NoError::stop,
          .jitter = protocol.jitter};
}

/// The simulated click as a person would give it: in the middle of its pixel.
Click person_click(const SimulatedClick& simulated, const RadiusRule& rule) {
  return {.x = simulated.u + 0.5,
          .y = simulated.v + 0.5,
          .radius = rule.of(simulated.radius),
          .target = simulated.label == kObjectLabel ? kInclude : kExclude};
}

}  // namespace

Expected<ObjectRun> run_object(const Segmenter& segmenter, ImageView image, const Truth& truth, const std::string& name,
                               const Protocol& protocol) {
  const auto segmentation = segmenter.begin(image);
  if (!segmentation) return std::unexpected(segmentation.error());
  Clicker clicker(truth, name, click_rules(protocol));
  ObjectRun run;
  ObjectResult& result = run.result;
  result.object = name;
  std::vector<std::uint8_t> last(truth.labels.size(), 0);
  for (int i = 0; i < protocol.clicks; ++i) {
    const auto click = clicker.next(last);
    if (!click) break;
    result.clicks.push_back({.u = click->u, .v = click->v, .is_positive = click->label == kObjectLabel, .radius = 0});
    auto next = (*segmentation)->add(person_click(*click, protocol.radius));
    if (!next) return std::unexpected(next.error());
    last = std::move(next->pixels);
    result.seconds.push_back(next->seconds);
    result.ious.push_back(intersection_over_union(last, truth));
    if (i == 0) run.after_first = last;
  }
  assert(!result.ious.empty());  // the truth has an object, so the first click has an error
  result.ious.resize(static_cast<std::size_t>(protocol.clicks), result.ious.back());
  run.after_last = std::move(last);
  (*segmentation)->report(result);
  return run;
}

}  // namespace gbrs
