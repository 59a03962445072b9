// SPDX-License-Identifier: Apache-2.0
#include "objectives/segment.hpp"

#include <ATen/ops/tensor.h>

#include "objectives/consistency.hpp"
#include "objectives/sampling.hpp"

namespace gbrs {
namespace {

class SegmentStepLoss final : public StepLoss {
 public:
  SegmentStepLoss(SegmentOptions options, const Tensor& previous, const ClickList& list)
      : options_(options),
        sampler_(previous, list.clicks),
        consistency_(options.lambda, MaskShape::disc, previous, list),
        regions_(list.regions) {
    std::vector<double> targets;
    for (const GridClick& click : list.clicks) targets.push_back(click.target);
    targets_ = at::tensor(targets, at::kDouble).to(previous.device(), previous.scalar_type());
  }

  Loss evaluate(const Tensor& answer) const override {
    const Tensor values = sampler_.sample(answer);
    const Tensor deficits = (1 - targets_ * values).clamp_min(0);
    const Tensor refine = (deficits * deficits).sum();
    Loss loss{.total = refine, .refine = refine.item<double>()};
    consistency_.add_to(loss, answer);
    for (const Region& region : regions_) {
      const Tensor lacking = (1 - region.target * answer).clamp_min(0);
      const Tensor follow = (lacking * lacking * region.weights).sum();
      loss.total = loss.total + follow;
      loss.region += follow.item<double>();
    }
    if (values.numel() > 0 && options_.stop == StopRule::deficit) loss.stop = deficits.max().item<double>();
    if (values.numel() > 0 && options_.stop == StopRule::literal) {
      loss.stop = (targets_ - values).abs().max().item<double>();
    }
    return loss;
  }

 private:
  SegmentOptions options_;
  ClickSampler sampler_;
  SquaredConsistency consistency_;
  Tensor targets_;  // l [n]
  std::vector<Region> regions_;
};

}  // namespace

std::unique_ptr<StepLoss> SegmentObjective::begin(const Tensor& previous, const ClickList& clicks) const {
  return std::make_unique<SegmentStepLoss>(options_, previous, clicks);
}

bool SegmentObjective::satisfied(const Tensor& answer, const GridClick& click) const {
  return click.target * sample_at(answer, click).item<double>() > 0;
}

}  // namespace gbrs
