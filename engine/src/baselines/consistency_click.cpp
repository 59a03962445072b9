// SPDX-License-Identifier: Apache-2.0
#include "baselines/consistency_click.hpp"

#include "objectives/attention.hpp"
#include "objectives/segment.hpp"
#include "refine/refiner.hpp"

namespace gbrs {
namespace {

ClickList clicks_within(const BrsFrame& frame, std::span<const PromptClick> clicks, const Tensor& before,
                        const Tensor& first) {
  const auto is_within = [&](const PromptClick& click) {
    return click.u >= -0.5 && click.u < static_cast<double>(frame.width()) - 0.5 && click.v >= -0.5 &&
           click.v < static_cast<double>(frame.height()) - 0.5;
  };
  ClickList list;
  for (std::size_t i = 0; i < clicks.size(); ++i) {
    const PromptClick& click = clicks[i];
    if (i + 1 == clicks.size()) list.first_new = list.clicks.size();
    if (!is_within(click)) continue;
    GridClick placed{.u = click.u, .v = click.v, .target = click.target > 0 ? 1.0 : -1.0};
    if (i + 1 == clicks.size())
      placed.radius = click.radius ? *click.radius : auto_radius(before, first[0][0] > 0, click.u, click.v);
    list.clicks.push_back(placed);
  }
  return list;
}

}  // namespace

Tensor refined_with_consistency(const BrsFrame& frame, Insertions& layer, std::span<const PromptClick> clicks,
                                const Tensor& before, const ConsistencyOptions& options) {
  const SegmentObjective objective({.lambda = options.lambda});
  Refiner refiner({.rate = options.rate, .iterations = options.iterations});
  const auto decode = [&](Insertions& changed) { return flip_average(frame.logits(changed)); };
  const auto begin = [&](const Tensor& first) {
    return objective.begin(first, clicks_within(frame, clicks, before, first));
  };
  return refiner.run(decode, layer, begin).answer;
}

}  // namespace gbrs
