// SPDX-License-Identifier: Apache-2.0
#include "networks/planar_guidance.hpp"

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/elu.h>

#include <numbers>

namespace gbrs {

Tensor Reduction::operator()(const Tensor& x) const {
  Tensor y = x;
  for (std::size_t i = 0; i < chain.size(); ++i) y = i + 1 < chain.size() ? at::elu(chain[i](y)) : chain[i](y);
  return y;
}

Reduction take_reduction(Weights& weights, const std::string& key, std::int64_t in, bool is_planar) {
  constexpr std::int64_t least = 8;
  Reduction reduction;
  const auto take = [&](const std::string& name, std::int64_t out) {
    reduction.chain.push_back(
        take_convolution(weights, key + ".reduc." + name, {.in = in, .out = out, .has_bias = false}));
    in = out;
  };
  const auto inter = [&](std::int64_t out) { return "inter_" + std::to_string(in) + "_" + std::to_string(out) + ".0"; };
  // the first may keep its width
  if (weights.has(key + ".reduc." + inter(in) + ".weight")) take(inter(in), in);
  while (in > least) take(inter(in / 2), in / 2);
  is_planar ? take("plane_params", 3) : take("final.0", 1);
  return reduction;
}

Tensor planes(const Tensor& raw, double max_depth) {
  const Tensor values = raw.sigmoid();
  const Tensor theta = values.narrow(1, 0, 1) * (std::numbers::pi / 3);
  const Tensor phi = values.narrow(1, 1, 1) * (std::numbers::pi * 2);
  const Tensor normal = at::cat({theta.sin() * phi.cos(), theta.sin() * phi.sin(), theta.cos()}, 1);
  const Tensor length = normal.square().sum(1, /*keepdim=*/true).sqrt().clamp_min(1e-12);
  return at::cat({normal / length, values.narrow(1, 2, 1) * max_depth}, 1);
}

Tensor plane_depth(const Tensor& planes, std::int64_t r) {
  const std::int64_t batch = planes.size(0), h = planes.size(2), w = planes.size(3);
  const double middle = static_cast<double>(r - 1) / 2;
  const Tensor places = (at::arange(r, planes.options()) - middle) / static_cast<double>(r);
  const auto value = [&](std::int64_t channel) { return planes.select(1, channel).reshape({batch, h, 1, w, 1}); };
  const Tensor u = places.view({1, 1, 1, 1, r}), v = places.view({1, 1, r, 1, 1});
  const Tensor depth = value(3) / (value(0) * u + value(1) * v + value(2));  // [B,h,r,w,r]
  return depth.reshape({batch, 1, r * h, r * w});
}

}  // namespace gbrs
