// SPDX-License-Identifier: Apache-2.0
#include "baselines/brs_loss.hpp"

#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>

namespace gbrs {
namespace {

constexpr std::int64_t kRadius = 1;
constexpr double kLeast = 1e-5;

struct Slice {
  std::int64_t begin, end;
};

/// [centre - 1, centre + 2) of 0..size-1, where a negative end counts from the back, as in Python.
Slice square_side(double position, std::int64_t size) {
  const auto centre = static_cast<std::int64_t>(std::nearbyint(position));
  const auto wrapped = [size](std::int64_t end) {
    return std::clamp<std::int64_t>(end < 0 ? end + size : end, 0, size);
  };
  return {wrapped(centre - kRadius), wrapped(centre + kRadius + 1)};
}

Tensor term(const Tensor& error, const Tensor& marked) {
  return (error * marked).square().sum() / (marked.sum() + kLeast);
}

double worst(const Tensor& error, const Tensor& marked) { return (error * marked).max().item<double>(); }

}  // namespace

BrsLoss::BrsLoss(std::span<const std::vector<PromptClick>> items, std::int64_t height, std::int64_t width,
                 const Tensor& like) {
  const auto count = static_cast<std::int64_t>(items.size());
  included_ = at::zeros({count, 1, height, width}, like.options());
  excluded_ = at::zeros({count, 1, height, width}, like.options());
  for (std::int64_t item = 0; item < count; ++item) {
    for (const PromptClick& click : items[static_cast<std::size_t>(item)]) {
      const Slice rows = square_side(click.v, height), columns = square_side(click.u, width);
      if (rows.begin >= rows.end || columns.begin >= columns.end) continue;
      const Tensor& marked = click.target > 0 ? included_ : excluded_;
      marked[item][0].slice(0, rows.begin, rows.end).slice(1, columns.begin, columns.end).fill_(1);
    }
  }
}

BrsLoss::Value BrsLoss::operator()(const Tensor& logits) const {
  const Tensor p = logits.sigmoid();
  Value value{.loss = term(1 - p, included_) + term(p, excluded_)};
  const Tensor detached = p.detach();
  value.worst_included = worst(1 - detached, included_);
  value.worst_excluded = worst(detached, excluded_);
  return value;
}

}  // namespace gbrs
