// SPDX-License-Identifier: Apache-2.0
#include "networks/click_hrnet.hpp"

#include <array>

namespace gbrs {
namespace {

using enum Activation;

constexpr std::array<std::string_view, 2> kSites{"A", "C"};
constexpr std::array<std::string_view, 4> kBranches{"stage4_branch0", "stage4_branch1", "stage4_branch2",
                                                    "stage4_branch3"};
const std::string kPrefix = "feature_extractor.";

/// KEY.0 with bias, KEY.1 its norm, ReLU.
Convolution take_block(Weights& weights, const std::string& key, ConvolutionShape shape) {
  shape.activation = relu;
  return take_normed(weights, key + ".0", key + ".1", shape);
}

}  // namespace

ClickHrnet::Ocr::Ocr(Weights& weights, std::int64_t channels)
    : aux_0(take_block(weights, kPrefix + "aux_head", {.in = channels, .out = channels})),
      aux_1(take_convolution(weights, kPrefix + "aux_head.3", {.in = channels, .out = 1})),
      enter(take_block(weights, kPrefix + "conv3x3_ocr",
                       {.in = channels, .out = weights.shape(kPrefix + "conv3x3_ocr.0.weight", 4)[0], .kernel = 3})),
      context(weights, kPrefix + "ocr_distri_head", enter.weight.size(0)) {}

ClickHrnet::ClickHrnet(Weights weights, const Settings& settings)
    : ClickNetwork(weights, settings), backbone_(weights, kPrefix, /*align_corners=*/true) {
  std::int64_t channels = backbone_.channels();
  if (weights.has(kPrefix + "conv3x3_ocr.0.weight")) {
    ocr_.emplace(weights, channels);
    channels = ocr_->enter.weight.size(0);
    classify_ = {take_convolution(weights, kPrefix + "cls_head", {.in = channels, .out = 1})};
  } else {
    classify_ = {take_block(weights, kPrefix + "cls_head", {.in = channels, .out = channels, .kernel = 3}),
                 take_convolution(weights, kPrefix + "cls_head.3", {.in = channels, .out = 1})};
  }
  weights.expect_empty();
}

Tensor ClickHrnet::stem(const Tensor& image) const { return backbone_.first_convolution(image); }

ClickNetwork::Start ClickHrnet::begin(const Tensor& stem) const {
  const HrNet::Trunk trunk = backbone_.trunk(stem);
  const HrNet::Branches branches = backbone_.stage4(trunk.stage4_inputs);
  seen("layer1", trunk.layer1);
  for (std::size_t i = 0; i < branches.size(); ++i) seen(kBranches[i], branches[i]);
  const Tensor joined = seen("A_hrnet_feats", backbone_.joined(branches));
  return {.feature = joined, .skips = {}, .likeness = {trunk.layer1, joined}};
}

Tensor ClickHrnet::part(std::size_t site, const Tensor& x, const Skips&) const {
  if (site == 1 || !ocr_) {
    Tensor y = x;
    for (const Convolution& convolution : classify_) y = convolution(y);
    return y;
  }
  const Tensor coarse = seen("aux_low", ocr_->aux_1(ocr_->aux_0(x)));
  const ObjectContext::Result result = ocr_->context(seen("ocr_conv3x3", ocr_->enter(x)), coarse);
  seen("ocr_context", result.context);
  return seen("C_ocr_distri", result.features);
}

std::span<const std::string_view> ClickHrnet::site_names() const {
  return std::span(kSites).first(ocr_ ? kSites.size() : 1);
}

}  // namespace gbrs
