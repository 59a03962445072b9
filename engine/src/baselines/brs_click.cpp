// SPDX-License-Identifier: Apache-2.0
#include "baselines/brs_click.hpp"

#include <algorithm>

namespace gbrs {
namespace {

/// Mean over the items of intersection over union; items that are empty in both do not count. 0: none does.
double mean_overlap(const Tensor& a, const Tensor& b) {
  double sum = 0;
  int count = 0;
  for (std::int64_t item = 0; item < a.size(0); ++item) {
    const auto either = (a[item] | b[item]).sum().item<double>();
    if (either == 0) continue;
    sum += static_cast<float>((a[item] & b[item]).sum().item<double>() / either);
    ++count;
  }
  return count == 0 ? 0 : sum / count;
}

}  // namespace

BrsClick::BrsClick(const BrsFrame& frame, const BrsOptions& options, const std::vector<PromptClick>& clicks)
    : frame_(frame), options_(options), loss_(frame.items(clicks), frame.height(), frame.width(), frame.like()) {}

BrsClick::Outcome BrsClick::judged(const Tensor& logits) {
  if (errors_.worst_included < 1 - options_.threshold && errors_.worst_excluded < options_.threshold)
    return Outcome::satisfied;
  const Tensor mask = logits.sigmoid().gt(options_.threshold);
  if (mask_.defined() && mean_overlap(mask, mask_) > 1 - options_.least_change) return Outcome::unchanged;
  mask_ = mask;
  return Outcome::gradient;
}

double BrsClick::penalty(std::span<const double> x, std::span<double> gradient) const {
  const bool has_biases = options_.kind == BrsKind::features;
  const double maps = has_biases || !options_.has_flip ? 1 : 2;  // the mirrored copy counts, too
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double weight = options_.weight * (has_biases && 2 * i >= x.size() ? options_.bias_factor : maps);
    sum += weight * x[i] * x[i];
    gradient[i] += 2 * weight * x[i];
  }
  return sum;
}

double BrsClick::operator()(std::span<const double> x, std::span<double> gradient) {
  const at::AutoGradMode with_grad(true);
  Insertions layer = frame_.layer(x);
  const Tensor logits = frame_.logits(layer);
  errors_ = loss_(logits);
  std::ranges::fill(gradient, 0);
  const double value = errors_.loss.item<double>() + penalty(x, gradient);
  if (!best_.defined() || value < lowest_) {
    lowest_ = value;
    best_ = logits.detach();
  }
  outcome_ = judged(logits.detach());
  if (outcome_ != Outcome::gradient) {
    std::ranges::fill(gradient, 0);
    return value;
  }
  errors_.loss.backward();
  std::size_t i = 0;
  for (const Tensor& variable : layer.parameters()) {
    const Tensor values = variable.grad().to(at::kCPU, at::kDouble).contiguous();
    const std::span<const double> added(values.const_data_ptr<double>(), static_cast<std::size_t>(values.numel()));
    for (const double derivative : added) gradient[i++] += derivative;
  }
  return value;
}

}  // namespace gbrs
