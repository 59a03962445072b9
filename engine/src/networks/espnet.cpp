// SPDX-License-Identifier: Apache-2.0
#include "networks/espnet.hpp"

#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/cat.h>

#include <array>

namespace gbrs {
namespace {

constexpr double kEpsilon = 1e-3;  ///< of all batch norms here
constexpr std::array<std::string_view, 4> kSites{"enc3", "fuse", "comb", "concat"};
enum Skip { c1, c1_share, c0_share };

// of the 367 training images of CamVid, B'G'R', 0..255; the division by 255 comes after them
constexpr double kMean[] = {110.12799489 / 255, 108.30788789 / 255, 104.89290293 / 255};
constexpr double kDeviation[] = {71.9653717, 72.4654178, 69.7972822};

NormedPRelu take_br(Weights& weights, const std::string& key, std::int64_t channels) {
  return take_normed_prelu(weights, key + ".bn", key + ".act", channels, kEpsilon);
}

Convolution take_plain(Weights& weights, const std::string& key, ConvolutionShape shape) {
  shape.has_bias = false;
  return take_convolution(weights, key + ".conv", shape);
}

Convolution take_folded(Weights& weights, const std::string& key, const std::string& norm, ConvolutionShape shape) {
  return folded(take_plain(weights, key, shape), take_batch_norm(weights, norm, shape.out, kEpsilon));
}

ConvolutionPRelu take_cbr(Weights& weights, const std::string& key, const ConvolutionShape& shape) {
  return {.convolution = take_folded(weights, key, key + ".bn", shape),
          .activation = take_prelu(weights, key + ".act", shape.out)};
}

std::vector<EspBlock> take_blocks(Weights& weights, const std::string& key, int count, std::int64_t channels) {
  std::vector<EspBlock> blocks;
  for (int i = 0; i < count; ++i)
    blocks.emplace_back(weights, key + "." + std::to_string(i), channels, channels, EspBlock::Kind::residual);
  return blocks;
}

Tensor halved(const Tensor& x) { return at::avg_pool2d(x, {3, 3}, {2, 2}, {1, 1}); }

Tensor all(const std::vector<EspBlock>& blocks, Tensor x) {
  for (const EspBlock& block : blocks) x = block(x);
  return x;
}

}  // namespace

EspBlock::EspBlock(Weights& weights, const std::string& key, std::int64_t in, std::int64_t out, Kind kind)
    : has_shortcut_(kind == Kind::residual) {
  const bool is_down = kind == Kind::down;
  const std::int64_t width = out / 5, first = out - 4 * width;
  reduce_ =
      take_plain(weights, key + ".c1", {.in = in, .out = width, .kernel = is_down ? 3 : 1, .stride = is_down ? 2 : 1});
  for (const std::int64_t dilation : {1, 2, 4, 8, 16}) {
    branches_.push_back(
        take_plain(weights, key + ".d" + std::to_string(dilation),
                   {.in = width, .out = dilation == 1 ? first : width, .kernel = 3, .dilation = dilation}));
  }
  end_ = take_br(weights, is_down ? key : key + ".bn", out);
}

Tensor EspBlock::operator()(const Tensor& x) const {
  const Tensor reduced = reduce_(x);
  std::vector<Tensor> parts{branches_[0](reduced)};
  for (std::size_t i = 1; i < branches_.size(); ++i) {
    const Tensor branch = branches_[i](reduced);
    parts.push_back(i == 1 ? branch : parts.back() + branch);
  }
  const Tensor y = at::cat(parts, 1);
  return end_(has_shortcut_ ? y + x : y);
}

Espnet::Espnet(Weights weights, const Settings&)
    : level1_(take_cbr(weights, "encoder.level1", {.in = 3, .out = 16, .kernel = 3, .stride = 2})),
      b1_(take_br(weights, "encoder.b1", 19)),
      b2_(take_br(weights, "encoder.b2", 131)),
      b3_(take_br(weights, "encoder.b3", 256)),
      level2_0_(weights, "encoder.level2_0", 19, 64, EspBlock::Kind::down),
      level2_(take_blocks(weights, "encoder.level2", 2, 64)),
      level3_0_(weights, "encoder.level3_0", 131, 128, EspBlock::Kind::down),
      level3_(take_blocks(weights, "encoder.level3", 8, 128)),
      classes_(weights.shape("br.weight", 1)[0]),
      encoder_classifier_(take_folded(weights, "encoder.classifier", "br", {.in = 256, .out = classes_})),
      level3_c_(take_plain(weights, "level3_C", {.in = 131, .out = classes_})),
      up_l3_(take_transposed_convolution(weights, "up_l3.0", classes_, classes_, 2)),
      combine_norm_(take_br(weights, "combine_l2_l3.0", 2 * classes_)),
      combine_(weights, "combine_l2_l3.1", 2 * classes_, classes_, EspBlock::Kind::plain),
      up_l2_(take_transposed_convolution(weights, "up_l2.0", classes_, classes_, 2)),
      up_l2_norm_(take_br(weights, "up_l2.1", classes_)),
      conv_(take_folded(weights, "conv", "conv.bn", {.in = classes_ + 19, .out = classes_, .kernel = 3}), classes_, 19),
      conv_activation_(take_prelu(weights, "conv.act", classes_)),
      classifier_(take_transposed_convolution(weights, "classifier", classes_, classes_, 2)) {
  weights.expect_empty();
}

Tensor Espnet::normalised(const Tensor& frame) const {
  return standardised(frame.flip({2}), kMean, kDeviation, level1_.convolution.weight);
}

ChainNetwork::Start Espnet::begin(const Tensor& input) const {
  check_sides(input, frame_sides());
  const Tensor half = halved(input), quarter = halved(half);
  const Tensor at_half = b1_(at::cat({level1_(input), half}, 1));
  const Tensor level2_0 = seen("encoder_level2_0", level2_0_(at_half));
  const Tensor level2 = seen("encoder_level2_1", all(level2_, level2_0));
  const Tensor at_quarter = b2_(at::cat({level2, level2_0, quarter}, 1));
  const Tensor level3_0 = level3_0_(at_quarter);
  const Tensor level3 = seen("encoder_level3_7", all(level3_, level3_0));
  return {.feature = b3_(at::cat({level3_0, level3}, 1)),
          .skips = {at_quarter, level3_c_(at_quarter), conv_.share(at_half)}};
}

Tensor Espnet::part(std::size_t site, const Tensor& x, const Skips& skips) const {
  switch (site) {
    case 0:
      return at::cat({skips[c1_share], seen("up_l3", up_l3_(encoder_classifier_(x)))}, 1);
    case 1:
      return seen("up_l2", up_l2_norm_(up_l2_(combine_(combine_norm_(x)))));
    case 2:
      return seen("conv", conv_activation_(conv_(x, skips[c0_share])));
    default:
      return seen("logits", classifier_(x));
  }
}

std::span<const std::string_view> Espnet::site_names() const { return kSites; }

std::vector<Tensor> Espnet::likeness(const Skips& skips, const std::vector<Tensor>& features) const {
  return {skips[c1], features[0]};
}

}  // namespace gbrs
