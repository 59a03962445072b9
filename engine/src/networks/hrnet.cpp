// SPDX-License-Identifier: Apache-2.0
#include "networks/hrnet.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/upsample_bilinear2d.h>

#include <numeric>

namespace gbrs {
namespace {

using enum Activation;

/// KEY.0 a 3x3 convolution, KEY.1 its norm.
Convolution take_3x3(Weights& weights, const std::string& key, std::int64_t in, std::int64_t out, std::int64_t stride,
                     Activation activation) {
  return take_normed(
      weights, key + ".0", key + ".1",
      {.in = in, .out = out, .kernel = 3, .activation = activation, .stride = stride, .has_bias = false});
}

Convolution take_stem(Weights& weights, const std::string& prefix, int number, std::int64_t in) {
  const std::string index = std::to_string(number);
  return take_normed(weights, prefix + "conv" + index, prefix + "bn" + index,
                     {.in = in, .out = 64, .kernel = 3, .activation = relu, .stride = 2, .has_bias = false});
}

}  // namespace

Tensor resized(const Tensor& x, std::int64_t height, std::int64_t width, bool align_corners) {
  if (x.size(2) == height && x.size(3) == width) return x;
  return at::upsample_bilinear2d(x, {height, width}, align_corners);
}

HrNet::HrNet(Weights& weights, const std::string& prefix, bool align_corners)
    : align_corners_(align_corners),
      conv1_(take_stem(weights, prefix, 1, 3)),
      conv2_(take_stem(weights, prefix, 2, 64)),
      layer1_(take_residual_blocks(weights, prefix + "layer1", {.in = 64})) {
  for (int branch = 0; branch < 4; ++branch) {
    widths_.push_back(weights.shape(prefix + "stage4.0.branches." + std::to_string(branch) + ".0.conv1.weight", 4)[0]);
  }
  const std::int64_t wide = layer1_.back().out();
  to_stage2_ = {take_3x3(weights, prefix + "transition1.0", wide, widths_[0], 1, relu),
                take_3x3(weights, prefix + "transition1.1.0", wide, widths_[1], 2, relu)};
  to_deeper_ = {take_3x3(weights, prefix + "transition2.2.0", widths_[1], widths_[2], 2, relu),
                take_3x3(weights, prefix + "transition3.3.0", widths_[2], widths_[3], 2, relu)};
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    const auto end = widths_.begin() + static_cast<std::ptrdiff_t>(i) + 2;
    stages_[i] = take_stage(weights, prefix + "stage" + std::to_string(i + 2), {widths_.begin(), end});
  }
}

HrNet::Stage HrNet::take_stage(Weights& weights, const std::string& key, const std::vector<std::int64_t>& widths) {
  Stage stage;
  do {
    stage.push_back(take_module(weights, key + "." + std::to_string(stage.size()), widths));
  } while (weights.has(key + "." + std::to_string(stage.size()) + ".branches.0.0.conv1.weight"));
  return stage;
}

HrNet::Module HrNet::take_module(Weights& weights, const std::string& key, const std::vector<std::int64_t>& widths) {
  Module module;
  for (std::size_t b = 0; b < widths.size(); ++b) {
    module.branches.push_back(take_residual_blocks(weights, key + ".branches." + std::to_string(b), {.in = widths[b]}));
  }
  for (std::size_t i = 0; i < widths.size(); ++i) {
    auto& inputs = module.fuse.emplace_back(widths.size());
    for (std::size_t j = 0; j < widths.size(); ++j) {
      const std::string name = key + ".fuse_layers." + std::to_string(i) + "." + std::to_string(j);
      if (j > i) {
        inputs[j].push_back(
            take_normed(weights, name + ".0", name + ".1", {.in = widths[j], .out = widths[i], .has_bias = false}));
      }
      for (std::size_t k = 0; j + k < i; ++k) {
        const bool is_last = j + k + 1 == i;
        inputs[j].push_back(take_3x3(weights, name + "." + std::to_string(k), widths[j],
                                     is_last ? widths[i] : widths[j], 2, is_last ? none : relu));
      }
    }
  }
  return module;
}

HrNet::Branches HrNet::run(const Stage& stage, Branches x) const {
  for (const Module& module : stage) {
    for (std::size_t b = 0; b < x.size(); ++b) x[b] = gbrs::run(module.branches[b], x[b]);
    x = fused(module, x);
  }
  return x;
}

HrNet::Branches HrNet::fused(const Module& module, const Branches& x) const {
  Branches outputs;
  for (std::size_t i = 0; i < x.size(); ++i) {
    Tensor sum;
    for (std::size_t j = 0; j < x.size(); ++j) {
      Tensor part = x[j];
      for (const Convolution& convolution : module.fuse[i][j]) part = convolution(part);
      if (j > i) part = resized(part, x[i].size(2), x[i].size(3), align_corners_);
      sum = sum.defined() ? sum + part : part;
    }
    outputs.push_back(sum.relu());
  }
  return outputs;
}

HrNet::Trunk HrNet::trunk(const Tensor& first) const {
  Trunk trunk;
  trunk.layer1 = gbrs::run(layer1_, conv2_(first));
  trunk.stage2 = run(stages_[0], {to_stage2_[0](trunk.layer1), to_stage2_[1](trunk.layer1)});
  Branches inputs = trunk.stage2;
  inputs.push_back(to_deeper_[0](inputs.back()));
  trunk.stage3 = run(stages_[1], inputs);
  trunk.stage4_inputs = trunk.stage3;
  trunk.stage4_inputs.push_back(to_deeper_[1](trunk.stage3.back()));
  return trunk;
}

HrNet::Branches HrNet::stage4(const Branches& inputs) const { return run(stages_[2], inputs); }

Tensor HrNet::joined(const Branches& branches) const {
  std::vector<Tensor> parts;
  for (const Tensor& branch : branches)
    parts.push_back(resized(branch, branches[0].size(2), branches[0].size(3), align_corners_));
  return at::cat(parts, 1);
}

std::int64_t HrNet::channels() const { return std::accumulate(widths_.begin(), widths_.end(), std::int64_t{0}); }

}  // namespace gbrs
