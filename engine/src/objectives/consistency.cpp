// SPDX-License-Identifier: Apache-2.0
#include "objectives/consistency.hpp"

#include <span>

namespace gbrs {

Tensor new_clicks_mask(MaskShape shape, const Tensor& previous, const ClickList& list) {
  const std::int64_t height = previous.size(2);
  const std::int64_t width = previous.size(3);
  return attention_mask(shape, std::span(list.clicks).subspan(list.first_new), height, width)
      .view({1, 1, height, width})
      .to(previous.device(), previous.scalar_type());
}

SquaredConsistency::SquaredConsistency(double lambda, MaskShape shape, const Tensor& previous, const ClickList& list)
    : lambda_(lambda), previous_(previous.detach()) {
  if (lambda != 0) mask_ = new_clicks_mask(shape, previous, list);
}

void SquaredConsistency::add_to(Loss& loss, const Tensor& answer) const {
  if (!mask_.defined()) return;
  const Tensor difference = (previous_ - answer) * mask_;
  const Tensor keep = (difference * difference).sum() * (lambda_ / static_cast<double>(answer.numel()));
  loss.total = loss.total + keep;
  loss.keep = keep.item<double>();
}

}  // namespace gbrs
