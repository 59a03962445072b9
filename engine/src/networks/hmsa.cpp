// SPDX-License-Identifier: Apache-2.0
#include "networks/hmsa.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <sstream>
#include <stdexcept>

namespace gbrs {
namespace {

using enum Activation;

constexpr double kLeastSide = 32;  ///< at the smallest scale
// sites count from the coarsest of stage 4's branches
constexpr std::size_t kInserted = 3;
std::size_t branch_of(std::size_t site) { return kInserted - site; }

Tensor at_size(const Tensor& x, std::int64_t height, std::int64_t width) {
  return resized(x, height, width, /*align_corners=*/false);
}

Tensor at_size_of(const Tensor& x, const Tensor& like) { return at_size(x, like.size(2), like.size(3)); }

std::int64_t scaled(std::int64_t side, double factor) {
  return static_cast<std::int64_t>(std::floor(static_cast<double>(side) * factor));
}

/// KEY.0 with bias, KEY.1.0 its norm, ReLU.
Convolution take_block(Weights& weights, const std::string& key, ConvolutionShape shape) {
  shape.activation = relu;
  return take_normed(weights, key + ".0", key + ".1.0", shape);
}

std::vector<double> parsed_scales(const std::string& text) {
  std::vector<double> scales;
  std::istringstream stream(text);
  for (std::string one; std::getline(stream, one, ',');) scales.push_back(Settings::parsed("scales", one));
  std::ranges::sort(scales);
  if (std::ranges::find(scales, 1.0) == scales.end() || std::ranges::adjacent_find(scales) != scales.end() ||
      scales.front() < 0.1 || scales.back() > 4)
    throw std::invalid_argument("setting scales: numbers from 0.1 to 4, each once, 1.0 among them");
  return scales;
}

std::string name_of(double factor) {
  std::ostringstream text;
  text << "s" << std::fixed;
  text.precision(std::abs(factor * 10 - std::round(factor * 10)) < 1e-9 ? 1 : 2);
  text << factor;
  return text.str();
}

std::int64_t outputs(const Weights& weights, const std::string& key) { return weights.shape(key + ".weight", 4)[0]; }

}  // namespace

struct Hmsa::Frame final : Encoded, Conditioned {
  std::vector<Features> scales;
};

Hmsa::Hmsa(Weights weights, const Settings& settings)
    : backbone_(weights, "backbone.", /*align_corners=*/false),
      enter_(take_block(weights, "ocr.conv3x3_ocr",
                        {.in = backbone_.channels(), .out = outputs(weights, "ocr.conv3x3_ocr.0"), .kernel = 3})),
      aux_0_(take_block(weights, "ocr.aux_head", {.in = backbone_.channels(), .out = backbone_.channels()})),
      aux_1_(take_convolution(weights, "ocr.aux_head.2",
                              {.in = backbone_.channels(), .out = outputs(weights, "ocr.cls_head")})),
      context_(weights, "ocr.ocr_distri_head", enter_.weight.size(0)),
      classify_(take_convolution(weights, "ocr.cls_head",
                                 {.in = enter_.weight.size(0), .out = outputs(weights, "ocr.cls_head")})) {
  for (const double factor : parsed_scales(settings.text("scales", "0.5,1.0")))
    scales_.push_back({.factor = factor, .name = name_of(factor)});
  const std::string key = "scale_attn.";
  const std::int64_t width = outputs(weights, key + "conv0");
  const ConvolutionShape shape{
      .in = enter_.weight.size(0), .out = width, .kernel = 3, .activation = relu, .has_bias = false};
  ConvolutionShape inner = shape;
  inner.in = width;
  attention_ = {take_normed(weights, key + "conv0", key + "bn0", shape),
                take_normed(weights, key + "conv1", key + "bn1", inner),
                take_convolution(weights, key + "conv2", {.in = width, .out = 1, .has_bias = false})};
  weights.drop_all("criterion.");  // the training's loss
  weights.expect_empty();
}

void Hmsa::show(const Scale& scale, std::string_view name, const Tensor& feature) const {
  if (is_watched()) seen(scale.name + "_" + std::string(name), feature);
}

Tensor Hmsa::normalised(const Tensor& frame) const {
  return standardised(frame, kImageNetMean, kImageNetDeviation, classify_.weight);
}

FrameSides Hmsa::frame_sides() const {
  return {.least = static_cast<std::int64_t>(std::ceil(kLeastSide / scales_.front().factor))};
}

std::unique_ptr<Encoded> Hmsa::encode_input(const Tensor& input) const {
  check_sides(input, frame_sides());
  auto frame = std::make_unique<Frame>();
  for (const Scale& scale : scales_)
    frame->scales.push_back(features(scale, input.contiguous(at::MemoryFormat::ChannelsLast)));
  return frame;
}

Hmsa::Features Hmsa::features(const Scale& scale, const Tensor& input) const {
  const Tensor x = at_size(input, scaled(input.size(2), scale.factor), scaled(input.size(3), scale.factor));
  const HrNet::Trunk trunk = backbone_.trunk(backbone_.first_convolution(x));
  Features features{.height = x.size(2), .width = x.size(3), .inputs = trunk.stage4_inputs, .branches = {}};
  features.branches = backbone_.stage4(features.inputs);
  const auto show_all = [&](const std::string& name, const HrNet::Branches& all) {
    for (std::size_t i = 0; i < all.size(); ++i) show(scale, name + std::to_string(i), all[i]);
  };
  show(scale, "input", x);
  show(scale, "layer1", trunk.layer1);
  show_all("stage2_x", trunk.stage2);
  show_all("stage3_x", trunk.stage3);
  show_all("stage4_in", features.inputs);
  show_all("stage4_x", features.branches);
  return features;
}

std::unique_ptr<Conditioned> Hmsa::condition(const Encoded& encoded, const Prompt&) const {
  return std::make_unique<Frame>(dynamic_cast<const Frame&>(encoded));
}

/// Stage 4's branches with what is inserted in front of it and behind.
HrNet::Branches Hmsa::branches(const Scale& scale, const Features& features, Insertions& insertions) const {
  const auto pass = [&](const std::string& name, HrNet::Branches& x) {
    bool changes = false;
    for (std::size_t site = 0; site < kInserted; ++site) {
      Tensor& m = x[branch_of(site)];
      const Tensor passed = insertions.pass(scale.name + name + std::to_string(site + 1), m);
      changes = changes || !passed.is_same(m);
      m = passed;
    }
    return changes;
  };
  HrNet::Branches inputs = features.inputs;
  HrNet::Branches result = pass(".in", inputs) ? backbone_.stage4(inputs) : features.branches;
  pass(".p", result);
  return result;
}

Hmsa::Output Hmsa::output(const Scale& scale, const Features& features, const HrNet::Branches& branches) const {
  const Tensor joined = backbone_.joined(branches);
  const Tensor coarse = aux_1_(aux_0_(joined));
  const ObjectContext::Result result = context_(enter_(joined), coarse);
  const Tensor logits = classify_(result.features);
  const Tensor attention = attention_[2](attention_[1](attention_[0](result.features))).sigmoid();
  const Output output{.logits = at_size(logits, features.height, features.width),
                      .attention = at_size(attention, features.height, features.width)};
  show(scale, "feats720", joined);
  show(scale, "aux_lowres", coarse);
  show(scale, "ocr_context", result.context);
  show(scale, "object_context", result.attended);
  show(scale, "ocr_feats512", result.features);
  show(scale, "cls_lowres", logits);
  show(scale, "attn_lowres", attention);
  show(scale, "attn_upsampled", output.attention);
  return output;
}

Tensor Hmsa::decode(const Conditioned& conditioned, Insertions& insertions) const {
  const auto& frame = dynamic_cast<const Frame&>(conditioned);
  std::vector<HrNet::Branches> all;
  for (std::size_t i = 0; i < scales_.size(); ++i)  // parameters in the order of sites()
    all.push_back(branches(scales_[i], frame.scales[i], insertions));
  Tensor fused;
  for (std::size_t i = scales_.size(); i-- > 0;) {  // from the highest scale
    const Output one = output(scales_[i], frame.scales[i], all[i]);
    if (!fused.defined()) {
      fused = one.logits;
    } else if (scales_[i].factor >= 1) {
      fused = one.attention * one.logits + (1 - one.attention) * at_size_of(fused, one.logits);
    } else {
      // the product is formed at the low resolution
      const Tensor share = at_size_of(one.attention * one.logits, fused);
      fused = share + (1 - at_size_of(one.attention, fused)) * fused;
    }
  }
  return seen("pred", fused);
}

std::vector<Tensor> Hmsa::likeness_levels(const Encoded& encoded, const Conditioned&) const {
  const auto& frame = dynamic_cast<const Frame&>(encoded);
  const auto one = std::ranges::find(scales_, 1.0, &Scale::factor);
  const HrNet::Branches& branches = frame.scales[static_cast<std::size_t>(one - scales_.begin())].branches;
  return {branches[1], branches[3]};
}

std::vector<std::string> Hmsa::sites() const {
  std::vector<std::string> names;
  for (const Scale& scale : scales_) {
    for (const char* place : {".in", ".p"}) {
      for (std::size_t site = 1; site <= kInserted; ++site) names.push_back(scale.name + place + std::to_string(site));
    }
  }
  return names;
}

}  // namespace gbrs
