// SPDX-License-Identifier: Apache-2.0
#include "objectives/regression.hpp"

#include <ATen/ops/tensor.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "objectives/consistency.hpp"
#include "objectives/sampling.hpp"

namespace gbrs {
namespace {

/// What a step asks for: the clicks that count and what the network should say at each.
struct Demand {
  std::vector<GridClick> clicks;
  std::vector<double> targets;
  bool is_push = false;
};

class RegressionStepLoss final : public StepLoss {
 public:
  RegressionStepLoss(const RegressionOptions& options, const Tensor& previous, const ClickList& list, Demand demand)
      : is_mean_(options.is_mean),
        is_push_(demand.is_push),
        searches_length_(demand.is_push && options.has_push_scale),
        sampler_(previous, demand.clicks),
        targets_(at::tensor(demand.targets, at::kDouble).to(previous.device(), previous.scalar_type())),
        before_(sampler_.sample(previous).detach()),
        consistency_(demand.is_push ? 0 : options.lambda, MaskShape::gaussian, previous, list) {}

  Loss evaluate(const Tensor& answer) const override {
    const Tensor errors = targets_ - sampler_.sample(answer);
    const Tensor squares = errors * errors;
    const Tensor refine = is_mean_ ? squares.mean() : squares.sum();
    Loss loss{.total = refine, .refine = refine.item<double>()};
    consistency_.add_to(loss, answer);
    return loss;
  }

  int most_iterations() const override { return is_push_ ? 1 : StepLoss::most_iterations(); }

  std::optional<double> share_of_way(const Tensor& answer) const override {
    if (!searches_length_) return std::nullopt;
    return ((sampler_.sample(answer) - before_) / (targets_ - before_)).mean().item<double>();
  }

 private:
  bool is_mean_;
  bool is_push_;
  bool searches_length_;
  ClickSampler sampler_;
  Tensor targets_;  // l [n]
  Tensor before_;   // f_prev at the clicks [1,n]
  SquaredConsistency consistency_;
};

}  // namespace

std::unique_ptr<StepLoss> RegressionObjective::begin(const Tensor& previous, const ClickList& list) const {
  const auto fresh = std::span(list.clicks).subspan(list.first_new);
  Demand demand{.clicks = {}, .targets = {}, .is_push = std::ranges::all_of(fresh, &GridClick::is_push)};
  for (std::size_t i = 0; i < list.clicks.size(); ++i) {
    const GridClick& click = list.clicks[i];
    const bool is_new = i >= list.first_new;
    if (click.is_push ? !is_new : demand.is_push) continue;
    demand.clicks.push_back(click);
    if (click.is_push) {
      const double way = (click.target > 0 ? options_.push : -options_.push) / (start_ ? start_->scale() : 1.0);
      demand.targets.push_back(sample_at(previous, click).item<double>() + way);
    } else {
      demand.targets.push_back(start_ ? start_->to_network(click) : click.target);
    }
  }
  return std::make_unique<RegressionStepLoss>(options_, previous, list, std::move(demand));
}

bool RegressionObjective::satisfied(const Tensor& answer, const GridClick& click) const {
  if (click.is_push) return true;
  const double value = start_ ? start_->at(answer, click) : sample_at(answer, click).item<double>();
  const double allowed = options_.tolerance * (options_.is_tolerance_relative ? std::abs(click.target) : 1.0);
  return std::abs(value - click.target) <= allowed;
}

}  // namespace gbrs
