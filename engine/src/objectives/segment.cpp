// SPDX-License-Identifier: Apache-2.0
#include "objectives/segment.hpp"

#include <ATen/ops/tensor.h>

#include <span>

#include "objectives/attention.hpp"
#include "objectives/sampling.hpp"

namespace gbrs {
namespace {

class SegmentStepLoss final : public StepLoss {
 public:
  SegmentStepLoss(SegmentOptions options, const Tensor& previous, const ClickList& list)
      : options_(options), previous_(previous.detach()), sampler_(previous, list.clicks), regions_(list.regions) {
    std::vector<double> targets;
    for (const GridClick& click : list.clicks) targets.push_back(click.target);
    targets_ = at::tensor(targets, at::kDouble).to(previous.device(), previous.scalar_type());
    if (options_.lambda == 0) return;
    const std::int64_t height = previous.size(2);
    const std::int64_t width = previous.size(3);
    const auto fresh = std::span(list.clicks).subspan(list.first_new);
    mask_ = attention_mask(MaskShape::disc, fresh, height, width)
                .view({1, 1, height, width})
                .to(previous.device(), previous.scalar_type());
  }

  Loss evaluate(const Tensor& answer) const override {
    const Tensor values = sampler_.sample(answer);
    const Tensor deficits = (1 - targets_ * values).clamp_min(0);
    const Tensor refine = (deficits * deficits).sum();
    Loss loss{.total = refine, .refine = refine.item<double>()};
    if (options_.lambda != 0) {
      const Tensor difference = (previous_ - answer) * mask_;
      const Tensor keep = (difference * difference).sum() * (options_.lambda / static_cast<double>(answer.numel()));
      loss.total = refine + keep;
      loss.keep = keep.item<double>();
    }
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
  Tensor previous_;  // f_prev [1,1,H,W]
  ClickSampler sampler_;
  Tensor targets_;  // l [n]
  Tensor mask_;     // M [1,1,H,W]
  std::vector<Region> regions_;
};

}  // namespace

std::unique_ptr<StepLoss> SegmentObjective::begin(const Tensor& previous, const ClickList& clicks) const {
  return std::make_unique<SegmentStepLoss>(options_, previous, clicks);
}

bool SegmentObjective::satisfied(const Tensor& answer, const GridClick& click) const {
  return click.target * ClickSampler(answer, {click}).sample(answer).item<double>() > 0;
}

}  // namespace gbrs
