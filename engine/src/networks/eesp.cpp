// SPDX-License-Identifier: Apache-2.0
#include "networks/eesp.hpp"

#include <ATen/ops/adaptive_avg_pool2d.h>
#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/cat.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "networks/fine_depthwise.hpp"

namespace gbrs {
namespace {

constexpr std::int64_t kBranches = 4;
constexpr std::array kScales{2.0, 1.5, 1.0, 0.5, 0.1};

Convolution take_plain(Weights& weights, const std::string& key, ConvolutionShape shape) {
  shape.has_bias = false;
  return take_convolution(weights, key, shape);
}

/// KEY.conv, KEY.bn.
Convolution take_conv(Weights& weights, const std::string& key, const ConvolutionShape& shape) {
  return folded(take_plain(weights, key + ".conv", shape), take_batch_norm(weights, key + ".bn", shape.out));
}

/// The decoder's names: KEY.cbr.0, .1, .2.
ConvolutionPRelu take_cbr(Weights& weights, const std::string& key, const ConvolutionShape& shape) {
  return {.convolution =
              folded(take_plain(weights, key + ".cbr.0", shape), take_batch_norm(weights, key + ".cbr.1", shape.out)),
          .activation = take_prelu(weights, key + ".cbr.2", shape.out)};
}

NormedPRelu take_br(Weights& weights, const std::string& key, std::int64_t channels) {
  return take_normed_prelu(weights, key + ".br.0", key + ".br.1", channels);
}

/// What the branches' kernels of 3, 5, 7 and 9 become; those above the limit are 3.
std::array<std::int64_t, kBranches> dilations(std::int64_t limit) {
  std::array<std::int64_t, kBranches> result{};
  for (std::int64_t i = 0; i < kBranches; ++i) {
    const std::int64_t size = 3 + 2 * i;
    result[static_cast<std::size_t>(i)] = size > limit ? 1 : (size - 1) / 2;
  }
  std::ranges::sort(result);
  return result;
}

Tensor halved(const Tensor& x) { return at::avg_pool2d(x, {3, 3}, {2, 2}, {1, 1}); }

}  // namespace

ConvolutionPRelu take_conv_act(Weights& weights, const std::string& key, ConvolutionShape shape) {
  return {.convolution = take_conv(weights, key, shape), .activation = take_prelu(weights, key + ".act", shape.out)};
}

EespBlock::EespBlock(Weights& weights, const std::string& key, std::int64_t in, std::int64_t out, std::int64_t limit,
                     std::int64_t stride)
    : is_down_(stride != 1), has_shortcut_(!is_down_ && in == out) {
  const std::int64_t width = out / kBranches;
  reduce_ = take_conv_act(weights, key + ".proj_1x1", {.in = in, .out = width, .groups = kBranches});
  for (const std::int64_t dilation : dilations(limit)) {
    branches_.push_back(take_plain(
        weights, key + ".spp_dw." + std::to_string(branches_.size()) + ".conv",
        {.in = width, .out = width, .kernel = 3, .stride = stride, .dilation = dilation, .is_depthwise = true}));
  }
  joined_ = take_normed_prelu(weights, key + ".br_after_cat.bn", key + ".br_after_cat.act", out);
  expand_ = take_conv(weights, key + ".conv_1x1_exp", {.in = out, .out = out, .groups = kBranches});
  end_ = take_prelu(weights, key + ".module_act", out);
}

Tensor EespBlock::operator()(const Tensor& x) const {
  const Tensor reduced = reduce_(x);
  std::vector<Tensor> parts;
  for (const Convolution& branch : branches_)
    parts.push_back(parts.empty() ? branch(reduced) : parts.back() + branch(reduced));
  const Tensor y = expand_(joined_(at::cat(parts, 1)));
  if (is_down_) return y;
  return end_(has_shortcut_ ? y + x : y);
}

DownSampler::DownSampler(Weights& weights, const std::string& key, std::int64_t in, std::int64_t out,
                         std::int64_t limit)
    : block_(weights, key + ".eesp", in, out - in, limit, 2),
      input_(take_conv_act(weights, key + ".inp_reinf.0", {.in = 3, .out = 3, .kernel = 3})),
      input_expand_(take_conv(weights, key + ".inp_reinf.1", {.in = 3, .out = out})),
      end_(take_prelu(weights, key + ".act", out)) {}

Tensor DownSampler::operator()(const Tensor& x, const Tensor& input) const {
  const Tensor y = at::cat({halved(x), block_(x)}, 1);
  Tensor small = input;
  while (small.size(2) > y.size(2)) small = halved(small);
  return end_(y + input_expand_(input_(small)));
}

PyramidPool::PyramidPool(Weights& weights, const std::string& key, std::int64_t in, bool has_norm) {
  const std::int64_t width = weights.shape(key + ".projection_layer.cbr.0.weight", 4)[0];
  const std::int64_t count = kScales.size();
  project_ = take_cbr(weights, key + ".projection_layer", {.in = in, .out = width});
  const std::string merge = key + ".merge_layer";
  const NormedPRelu norm = take_br(weights, merge + ".0", count * width);
  const ConvolutionPRelu join =
      take_cbr(weights, merge + ".2", {.in = count * width, .out = width, .kernel = 3, .groups = width});
  for (std::int64_t i = 0; i < count; ++i) {
    Convolution share = join.convolution;  // whose weight [width,count,3,3] has input i of each group for scale i
    share.weight = share.weight.narrow(1, i, 1).contiguous(at::MemoryFormat::ChannelsLast);
    if (i != 0) share.bias.reset();
    scales_.push_back({.stage = take_plain(weights, key + ".stages." + std::to_string(i),
                                           {.in = width, .out = width, .kernel = 3, .is_depthwise = true}),
                       .norm = norm.part(i * width, width),
                       .share = share});
  }
  joined_ = join.activation;
  const std::int64_t out = weights.shape(merge + ".3.weight", 4)[0];
  merge_ = take_convolution(weights, merge + ".3", {.in = width, .out = out, .has_bias = !has_norm});
  if (has_norm) end_ = take_br(weights, key + ".br", out);
}

Tensor PyramidPool::scaled(std::size_t scale, const Tensor& projected) const {
  const Convolution& stage = scales_[scale].stage;
  const std::int64_t height = projected.size(2), width = projected.size(3);
  const double factor = kScales[scale];
  const auto size = [factor](std::int64_t side) {
    return std::max<std::int64_t>(5, static_cast<std::int64_t>(std::ceil(factor * static_cast<double>(side))));
  };
  const std::int64_t h = size(height), w = size(width);
  if (factor == 1) return stage(projected);
  if (factor > 1) return fine_depthwise(stage, projected, h, w);
  return upsample(stage(at::adaptive_avg_pool2d(projected, {h, w})), height, width);
}

Tensor PyramidPool::operator()(const Tensor& x) const {
  const Tensor projected = project_(x);
  Tensor joined;
  for (std::size_t i = 0; i < scales_.size(); ++i) {
    const Tensor share = scales_[i].share(scales_[i].norm(scaled(i, projected)));
    joined = joined.defined() ? joined + share : share;
  }
  const Tensor merged = merge_(joined_(joined));
  return end_ ? (*end_)(merged) : merged;
}

PixelwiseGate::PixelwiseGate(Weights& weights, const std::string& key, std::int64_t in, std::int64_t out)
    : weight_(take_plain(weights, key + ".wt_layer.1", {.in = in, .out = out})),
      expand_(take_cbr(weights, key + ".expansion_layer",
                       {.in = in, .out = out, .kernel = 3, .groups = std::gcd(in, out)})) {}

Tensor PixelwiseGate::operator()(const Tensor& x) const {
  return expand_(x) * weight_(x.mean({2, 3}, /*keepdim=*/true)).sigmoid();
}

}  // namespace gbrs
