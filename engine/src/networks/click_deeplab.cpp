// SPDX-License-Identifier: Apache-2.0
#include "networks/click_deeplab.hpp"

#include <ATen/ops/cat.h>

#include <array>

namespace gbrs {
namespace {

using enum Activation;

constexpr std::array<std::string_view, 3> kSites{"A", "B", "C"};
constexpr std::int64_t kSkip = 32;
const std::string kPrefix = "feature_extractor.";

Convolution take_at(Weights& weights, const std::string& key, int place, ConvolutionShape shape) {
  shape.activation = relu;
  shape.has_bias = false;
  return take_normed(weights, key + "." + std::to_string(place), key + "." + std::to_string(place + 1), shape);
}

Aspp take_aspp(Weights& weights, std::int64_t in, std::int64_t out) {
  const std::string key = kPrefix + "aspp.", branches = key + "concurent.";
  Aspp aspp;
  aspp.branches.push_back({take_at(weights, branches + "0", 0, {.in = in, .out = out})});
  for (const std::int64_t dilation : {12, 24, 36}) {
    aspp.branches.push_back({take_at(weights, branches + std::to_string(aspp.branches.size()), 0,
                                     {.in = in, .out = out, .kernel = 3, .dilation = dilation})});
  }
  aspp.pool = take_at(weights, branches + "4.gap", 1, {.in = in, .out = out});
  aspp.project = take_at(weights, key + "project", 0, {.in = 5 * out, .out = out});
  return aspp;
}

/// Two separable convolutions without anything between depthwise and pointwise, and a 1x1 convolution with bias.
std::vector<Convolution> take_separables(Weights& weights, const std::string& key, std::int64_t in) {
  std::vector<Convolution> chain;
  for (const std::string index : {"0", "1"}) {
    const std::string body = key + "." + index + ".body.";
    const std::int64_t out = weights.shape(body + "1.weight", 4)[0];
    chain.push_back(take_convolution(weights, body + "0",
                                     {.in = in, .out = in, .kernel = 3, .is_depthwise = true, .has_bias = false}));
    chain.push_back(
        take_normed(weights, body + "1", body + "2", {.in = in, .out = out, .activation = relu, .has_bias = false}));
    in = out;
  }
  chain.push_back(take_convolution(weights, key + ".2", {.in = in, .out = weights.shape(key + ".2.weight", 4)[0]}));
  return chain;
}

Tensor run(const std::vector<Convolution>& chain, Tensor x) {
  for (const Convolution& convolution : chain) x = convolution(x);
  return x;
}

}  // namespace

ClickDeepLab::ClickDeepLab(Weights weights, const Settings& settings)
    : ClickNetwork(weights, settings),
      backbone_(weights, kPrefix + "backbone"),
      skip_(
          take_at(weights, kPrefix + "skip_project.skip_project", 0, {.in = backbone_.skip_channels(), .out = kSkip})) {
  const std::int64_t width = weights.shape(kPrefix + "aspp.project.0.weight", 4)[0];
  aspp_ = take_aspp(weights, backbone_.channels(), width);
  decoder_ = take_separables(weights, kPrefix + "head.block", width + kSkip);
  head_ = take_separables(weights, "head.layers", width);
  if (head_.back().weight.size(0) != 1) throw WeightError("key head.layers.2.weight: more than one output");
  weights.drop("aspp_dropout");  // a number that some published files carry
  weights.expect_empty();
}

Tensor ClickDeepLab::stem(const Tensor& image) const {
  return backbone_.activated(seen("stem_conv1", backbone_.stem(image)));
}

ClickNetwork::Start ClickDeepLab::begin(const Tensor& stem) const {
  const ResNet::Levels levels = backbone_.levels(stem);
  seen("c1", levels.c1);
  seen("c2", levels.c2);
  seen("c3", levels.c3);
  return {.feature = seen("A_c4", levels.c4),
          .skips = {seen("skip", skip_(levels.c1))},
          .likeness = {levels.c1, levels.c4}};
}

Tensor ClickDeepLab::part(std::size_t site, const Tensor& x, const Skips& skips) const {
  const Tensor& skip = skips[0];
  if (site == 2) return run(head_, x);
  if (site == 1) return seen("C_deeplab_head", run(decoder_, x));
  const Tensor pyramid = upsample(seen("aspp", aspp_(x)), skip.size(2), skip.size(3));
  return seen("B_aspp_up_skip", at::cat({pyramid, skip}, 1));
}

std::span<const std::string_view> ClickDeepLab::site_names() const { return kSites; }

}  // namespace gbrs
