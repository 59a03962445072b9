// SPDX-License-Identifier: Apache-2.0
#include "objectives/semantic.hpp"

#include <ATen/ops/argmax.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <cmath>

#include "objectives/consistency.hpp"
#include "objectives/sampling.hpp"
#include "objectives/strokes.hpp"

namespace gbrs {
namespace {

/// 1 where L_c holds the answer, 0 where the new clicks let it go: within a click's disc, what has the label of the
/// pixel at the click [1,1,H,W].
Tensor kept_labels(const Tensor& previous, const ClickList& list) {
  const Tensor labels = at::argmax(previous, 1, /*keepdim=*/true);
  Tensor kept = new_clicks_mask(MaskShape::disc, previous, {.clicks = {}});
  for (std::size_t i = list.first_new; i < list.clicks.size(); ++i) {
    const Tensor outside = new_clicks_mask(MaskShape::disc, previous, {.clicks = {list.clicks[i]}});
    const Tensor clicked = at::argmax(sample_at(previous, list.clicks[i]));
    kept = kept * (1 - (1 - outside) * labels.eq(clicked).to(kept.scalar_type()));
  }
  return kept;
}

/// What each pixel's loss counts: `factor` shared by all pixels, or by those that count (`counted` 1, else 0).
Tensor share(const Tensor& counted, double factor, CrossEntropyNorm norm) {
  const double pixels = norm == CrossEntropyNorm::all ? static_cast<double>(counted.numel())
                                                      : std::max(1.0, counted.sum().item<double>());
  return counted * (factor / pixels);
}

/// [1,C,H,W] as [H W,C]; channels-last memory needs no copy.
Tensor pixel_rows(const Tensor& map) { return map.permute({0, 2, 3, 1}).reshape({-1, map.size(1)}); }

/// -sum w log p(label): one class and one weight for every pixel. `log_probabilities` [H W,C].
class CrossEntropy {
 public:
  CrossEntropy() = default;
  /// `labels` [1,1,H,W] int64, `counted` [1,1,H,W] 1 where they count, else 0.
  CrossEntropy(const Tensor& labels, const Tensor& counted, double factor, CrossEntropyNorm norm)
      : labels_(pixel_rows(labels)), weights_(pixel_rows(share(counted, factor, norm))) {}
  [[nodiscard]] bool is_on() const { return labels_.defined(); }
  [[nodiscard]] Tensor of(const Tensor& log_probabilities) const {
    return -(log_probabilities.gather(1, labels_) * weights_).sum();
  }

 private:
  Tensor labels_;   // [H W,1]
  Tensor weights_;  // [H W,1]
};

/// -sum w sum_c q(c) log p(c): the probabilities q of all classes for every pixel. `log_probabilities` [H W,C].
class SoftCrossEntropy {
 public:
  SoftCrossEntropy() = default;
  SoftCrossEntropy(const Tensor& logits, const Tensor& counted, double factor, CrossEntropyNorm norm)
      : weights_(at::softmax(pixel_rows(logits), 1) * pixel_rows(share(counted, factor, norm))) {}
  [[nodiscard]] bool is_on() const { return weights_.defined(); }
  [[nodiscard]] Tensor of(const Tensor& log_probabilities) const { return -(log_probabilities * weights_).sum(); }

 private:
  Tensor weights_;  // q w [H W,C]
};

class SemanticStepLoss final : public StepLoss {
 public:
  SemanticStepLoss(const SemanticOptions& options, const Tensor& previous, const ClickList& list)
      : sampler_(previous, list.clicks) {
    std::vector<std::int64_t> classes;
    for (const GridClick& click : list.clicks) classes.push_back(std::llround(click.target));
    classes_ = at::tensor(classes, at::kLong).view({1, -1}).to(previous.device());

    Tensor counted = options.attention == MethodOptions::Attention::label
                         ? kept_labels(previous, list)
                         : new_clicks_mask(MaskShape::disc, previous, list);
    if (list.strokes.defined()) {
      const Tensor wanted = list.strokes.view(counted.sizes()).to(previous.device());
      const Tensor painted = wanted.ne(kUnpainted).to(previous.scalar_type());
      strokes_ = CrossEntropy(wanted.clamp_min(0), painted, 1, options.norm);
      counted = counted * (1 - painted);
    }
    const bool is_click = list.first_new < list.clicks.size();
    const double lambda = is_click ? options.lambda_click : options.lambda_stroke;
    if (lambda == 0) return;
    if (options.consistency_to == MethodOptions::ConsistencyTo::probabilities)
      keep_all_ = SoftCrossEntropy(previous, counted, lambda, options.norm);
    else
      keep_ = CrossEntropy(at::argmax(previous, 1, /*keepdim=*/true), counted, lambda, options.norm);
  }

  Loss evaluate(const Tensor& answer) const override {
    Loss loss;
    const auto add = [&](const Tensor& part, double& into) {
      loss.total = loss.total.defined() ? loss.total + part : part;
      into += part.item<double>();
    };
    if (classes_.numel() > 0) add(-at::log_softmax(sampler_.sample(answer), 0).gather(0, classes_).mean(), loss.refine);
    if (!strokes_.is_on() && !keep_.is_on() && !keep_all_.is_on()) return loss;
    const Tensor log_probabilities = at::log_softmax(pixel_rows(answer), 1);
    if (strokes_.is_on()) add(strokes_.of(log_probabilities), loss.refine);
    if (keep_.is_on()) add(keep_.of(log_probabilities), loss.keep);
    if (keep_all_.is_on()) add(keep_all_.of(log_probabilities), loss.keep);
    return loss;
  }

 private:
  ClickSampler sampler_;
  Tensor classes_;  // l [1,n]
  CrossEntropy strokes_;
  CrossEntropy keep_;
  SoftCrossEntropy keep_all_;
};

}  // namespace

std::unique_ptr<StepLoss> SemanticObjective::begin(const Tensor& previous, const ClickList& clicks) const {
  return std::make_unique<SemanticStepLoss>(options_, previous, clicks);
}

bool SemanticObjective::satisfied(const Tensor& answer, const GridClick& click) const {
  return at::argmax(sample_at(answer, click)).item<std::int64_t>() == std::llround(click.target);
}

}  // namespace gbrs
