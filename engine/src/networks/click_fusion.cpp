// SPDX-License-Identifier: Apache-2.0
#include "networks/click_fusion.hpp"

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>
#include <ATen/ops/leaky_relu.h>
#include <ATen/ops/minimum.h>
#include <ATen/ops/zeros.h>

namespace gbrs {
namespace {

constexpr double kSlope = 0.2;    ///< of both leaky ReLUs
constexpr double kFarAway = 1e6;  ///< squared, of a sign without a click
constexpr double kRadiusEarly = 260, kRadiusDiscs = 5;

}  // namespace

ClickFusion::ClickFusion(Weights& weights, const Settings& settings)
    : is_leaky_(settings.text("use_leaky_relu", "true") == "true"),
      is_binary_(settings.text("binary_prev_mask", "false") == "true") {
  if (weights.has("maps_transform.0.weight")) {
    radius_ = settings.number("norm_radius", kRadiusDiscs);
    const std::int64_t maps = weights.shape("maps_transform.0.weight", 4)[1];
    if (maps != 2 && maps != 3) throw WeightError("key maps_transform.0.weight: neither 2 nor 3 input channels");
    first_ = take_convolution(weights, "maps_transform.0", {.in = maps, .out = 16});
    second_ = take_convolution(weights, "maps_transform.2", {.in = 16, .out = 64, .kernel = 3, .stride = 2});
    scale_ = weights.take("maps_transform.3.scale", {1});
    return;
  }
  radius_ = settings.number("norm_radius", kRadiusEarly);
  first_ = take_convolution(weights, "rgb_conv.0", {.in = 5, .out = 8});
  norm_ = take_batch_norm(weights, "rgb_conv.2", 8);
  second_ = take_convolution(weights, "rgb_conv.3", {.in = 8, .out = 3});
}

Tensor ClickFusion::click_maps(std::span<const PromptClick> clicks, std::int64_t height, std::int64_t width,
                               const Tensor& like) const {
  const double unit = is_early() ? radius_ : 1;
  const Tensor rows = at::arange(height, like.options()).view({-1, 1}), columns = at::arange(width, like.options());
  std::vector<Tensor> maps;
  for (const bool includes : {true, false}) {
    Tensor nearest = at::full({height, width}, kFarAway, like.options());  // squared distances
    for (const PromptClick& click : clicks) {
      if ((click.target > 0) != includes) continue;
      const Tensor squares = ((rows - click.v) / unit).square() + ((columns - click.u) / unit).square();
      nearest = at::minimum(nearest, squares);
    }
    maps.push_back(is_early() ? (nearest.sqrt() * 2).tanh() : nearest.le(radius_ * radius_).to(like.scalar_type()));
  }
  return at::cat({maps[0].view({1, 1, height, width}), maps[1].view({1, 1, height, width})}, 1);
}

Tensor ClickFusion::fused(const Tensor& image, const Tensor& maps) const {
  const Tensor joined = at::cat({image, maps}, 1).contiguous(at::MemoryFormat::ChannelsLast);
  return second_((*norm_)(at::leaky_relu(first_(joined), kSlope)));
}

Tensor ClickFusion::transformed(const Tensor& maps, const Tensor& previous) const {
  Tensor joined = maps;
  if (first_.weight.size(1) == 3) {
    const std::int64_t height = maps.size(2), width = maps.size(3);
    Tensor probability = previous.defined()
                             ? upsample(previous.to(maps.device(), maps.scalar_type()), height, width).sigmoid()
                             : at::zeros({1, 1, height, width}, maps.options());
    if (is_binary_) probability = probability.gt(0.5).to(maps.scalar_type());
    joined = at::cat({probability, maps}, 1);
  }
  const Tensor first = first_(joined.contiguous(at::MemoryFormat::ChannelsLast));
  return second_(is_leaky_ ? at::leaky_relu(first, kSlope) : first.relu()) * scale_.abs();
}

}  // namespace gbrs
