// SPDX-License-Identifier: Apache-2.0
#include "objectives/sampling.hpp"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <cmath>

namespace gbrs {

ClickSampler::ClickSampler(const Tensor& answer, std::span<const GridClick> clicks) {
  const std::int64_t height = answer.size(2);
  const std::int64_t width = answer.size(3);
  const auto n = static_cast<std::int64_t>(clicks.size());
  Tensor places = at::empty({n, 4}, at::TensorOptions().dtype(at::kLong));
  Tensor weights = at::empty({n, 4}, at::TensorOptions().dtype(at::kDouble));
  std::int64_t* place = places.data_ptr<std::int64_t>();
  double* weight = weights.data_ptr<double>();
  for (const GridClick& click : clicks) {
    const double u = std::clamp(click.u, 0.0, static_cast<double>(width - 1));
    const double v = std::clamp(click.v, 0.0, static_cast<double>(height - 1));
    const auto left = static_cast<std::int64_t>(u);
    const auto top = static_cast<std::int64_t>(v);
    const std::int64_t right = std::min(left + 1, width - 1);
    const std::int64_t bottom = std::min(top + 1, height - 1);
    const double x = u - static_cast<double>(left);
    const double y = v - static_cast<double>(top);
    *place++ = top * width + left;
    *place++ = top * width + right;
    *place++ = bottom * width + left;
    *place++ = bottom * width + right;
    *weight++ = (1 - y) * (1 - x);
    *weight++ = (1 - y) * x;
    *weight++ = y * (1 - x);
    *weight++ = y * x;
  }
  places_ = places.view({-1}).to(answer.device());
  weights_ = weights.to(answer.device(), answer.scalar_type());
}

Tensor ClickSampler::sample(const Tensor& answer) const {
  const std::int64_t channels = answer.size(1);
  // as it lies in memory: the other way would copy the whole map, and its gradient again
  const Tensor values = answer.is_contiguous()
                            ? answer.view({channels, -1}).index_select(1, places_)
                            : answer.permute({0, 2, 3, 1}).reshape({-1, channels}).index_select(0, places_).t();
  return (values.reshape({channels, -1, 4}) * weights_).sum(2);
}

Tensor sample_at(const Tensor& answer, const GridClick& click) {
  return ClickSampler(answer, std::span(&click, 1)).sample(answer).squeeze(1);
}

}  // namespace gbrs
