// SPDX-License-Identifier: Apache-2.0
#include "networks/indexnet.hpp"

#include <ATen/ops/arange.h>
#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/pixel_shuffle.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/upsample_nearest2d.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>

#include "networks/rows.hpp"

namespace gbrs {
namespace {

using enum Activation;

constexpr double kMean[] = {0.485, 0.456, 0.406, 0};
constexpr double kDeviation[] = {0.229, 0.224, 0.225, 1};
constexpr std::int64_t kMultiple = 32;
constexpr std::array<std::size_t, 5> kIndexed{6, 4, 3, 2, 0};  // in order of the decoder

std::string site(std::size_t number) { return "index" + std::to_string(number); }

Convolution take_normed_at(Weights& weights, const std::string& key, int place, ConvolutionShape shape) {
  shape.has_bias = false;
  return take_normed(weights, key + "." + std::to_string(place), key + "." + std::to_string(place + 1), shape);
}

/// Pixel i of the result is pixel floor(i in / out).
Tensor nearest(const Tensor& x, std::int64_t axis, std::int64_t size) {
  const Tensor places = at::arange(size, x.options().dtype(at::kLong)) * x.size(axis);
  return x.index_select(axis, places.div(size, "floor"));
}

/// Row i: how the pixels of `in` make pixel i of `out` by cubic interpolation (-0.75, centres on half pixels, the
/// border repeated). Places and weights are rounded to float32, as OpenCV's are: that shows in the sixth digit.
Tensor cubic_matrix(std::int64_t in, std::int64_t out) {
  constexpr float a = -0.75F;
  const auto near = [](float t) { return ((a + 2) * t - (a + 3)) * t * t + 1; };
  const auto far = [](float t) { return ((a * t - 5 * a) * t + 8 * a) * t - 4 * a; };
  Tensor matrix = at::zeros({out, in}, at::kDouble);
  auto entries = matrix.accessor<double, 2>();
  const double scale = static_cast<double>(in) / static_cast<double>(out);
  for (std::int64_t i = 0; i < out; ++i) {
    const auto place = static_cast<float>((static_cast<double>(i) + 0.5) * scale - 0.5);
    const auto first = static_cast<std::int64_t>(std::floor(place));
    const float t = place - static_cast<float>(first);
    std::array weights{far(t + 1), near(t), near(1 - t), 0.0F};
    weights[3] = 1 - weights[0] - weights[1] - weights[2];
    for (std::int64_t k = 0; k < 4; ++k)
      entries[i][std::clamp<std::int64_t>(first - 1 + k, 0, in - 1)] += weights[static_cast<std::size_t>(k)];
  }
  return matrix;
}

Tensor bicubic(const Tensor& x, std::int64_t height, std::int64_t width) {
  const auto matrix = [&](std::int64_t axis, std::int64_t size) {
    return cubic_matrix(x.size(axis), size).to(x.device());
  };
  return at::matmul(at::matmul(matrix(2, height), x.to(at::kDouble)), matrix(3, width).t()).to(x.scalar_type());
}

std::int64_t next_multiple(std::int64_t side) { return (side + kMultiple - 1) / kMultiple * kMultiple; }

}  // namespace

IndexBlock::IndexBlock(Weights& weights, const std::string& key, std::int64_t channels) {
  for (std::size_t k = 0; k < windows_.size(); ++k) {
    const std::string branch = key + ".indexnet" + std::to_string(k + 1);
    const std::int64_t hidden = weights.shape(branch + ".0.weight", 4)[0];
    windows_[k] = take_normed_at(weights, branch, 0,
                                 {.in = channels, .out = hidden, .kernel = 4, .activation = relu6, .stride = 2});
    values_[k] = take_convolution(weights, branch + ".3", {.in = hidden, .out = channels, .has_bias = false});
  }
}

IndexBlock::Indices IndexBlock::operator()(const Tensor& x) const {
  std::vector<Tensor> pixels;
  for (std::size_t k = 0; k < windows_.size(); ++k) pixels.push_back(values_[k](windows_[k](x)).sigmoid());
  const Tensor decoder = at::stack(pixels, 2);  // [B,C,4,h/2,w/2]
  const auto spread = [&](const Tensor& cells) { return channels_last(at::pixel_shuffle(cells.flatten(1, 2), 2)); };
  return {.encoder = spread(decoder.softmax(2)), .decoder = spread(decoder)};
}

Tensor IndexNet::Block::operator()(const Tensor& x) const {
  const Tensor padded = channels_last(at::constant_pad_nd(x, {1, 1, 1, 1}));
  const Tensor y = project(depthwise(expand ? (*expand)(padded) : padded));
  return has_shortcut ? y + x : y;
}

IndexNet::Block IndexNet::take_block(Weights& weights, const std::string& key, std::int64_t in) {
  const std::string conv = key + ".conv";
  const bool expands = weights.has(conv + ".6.weight");
  const std::int64_t wide = expands ? weights.shape(conv + ".0.weight", 4)[0] : in;
  const std::int64_t out = weights.shape(conv + (expands ? ".6" : ".3") + ".weight", 4)[0];
  Block block{.expand = {}, .depthwise = {}, .project = {}, .has_shortcut = in == out};
  if (expands) block.expand = take_normed_at(weights, conv, 0, {.in = in, .out = wide, .activation = relu6});
  block.depthwise = take_normed_at(weights, conv, expands ? 3 : 0,
                                   {.in = wide, .out = wide, .kernel = 3, .activation = relu6, .is_depthwise = true});
  block.depthwise.is_padded = false;
  block.project = take_normed_at(weights, conv, expands ? 6 : 3, {.in = wide, .out = out});
  return block;
}

SplitConvolution IndexNet::take_step(Weights& weights, std::size_t number, std::int64_t in, std::int64_t skip) {
  const std::string key = "decoder_layer" + std::to_string(number) + ".dconv";
  const std::int64_t out = weights.shape(key + ".0.weight", 4)[0];
  return {take_normed_at(weights, key, 0, {.in = in + skip, .out = out, .kernel = 5, .activation = relu6}), in, skip};
}

IndexNet::IndexNet(Weights weights, const Settings&) {
  std::array<std::int64_t, kLayers> widths{};
  widths[0] = weights.shape("layer0.0.weight", 4)[0];
  layer0_ = take_normed_at(weights, "layer0", 0, {.in = 4, .out = widths[0], .kernel = 3, .activation = relu6});
  for (std::size_t i = 1; i < kLayers; ++i) {
    std::int64_t channels = widths[i - 1];
    const std::string key = "layer" + std::to_string(i) + ".";
    do {
      layers_[i].push_back(take_block(weights, key + std::to_string(layers_[i].size()), channels));
      channels = layers_[i].back().project.weight.size(0);
    } while (weights.has(key + std::to_string(layers_[i].size()) + ".conv.0.weight"));
    widths[i] = channels;
  }
  for (const std::size_t i : kIndexed) indices_[i].emplace(weights, site(i), widths[i]);

  const std::string aspp = "dconv_pp.";
  const std::int64_t deep = widths.back(), wide = weights.shape(aspp + "aspp1.atrous_conv.0.weight", 4)[0];
  aspp_.branches.push_back(
      {take_normed_at(weights, aspp + "aspp1.atrous_conv", 0, {.in = deep, .out = wide, .activation = relu6})});
  for (const std::int64_t dilation : {2, 4, 8}) {
    const std::string key = aspp + "aspp" + std::to_string(aspp_.branches.size() + 1) + ".atrous_conv";
    aspp_.branches.push_back(
        {take_normed_at(
             weights, key, 0,
             {.in = deep, .out = deep, .kernel = 3, .activation = relu6, .dilation = dilation, .is_depthwise = true}),
         take_normed_at(weights, key, 3, {.in = deep, .out = wide, .activation = relu6})});
  }
  aspp_.pool = take_normed_at(weights, aspp + "global_avg_pool", 1, {.in = deep, .out = wide, .activation = relu6});
  std::int64_t channels = weights.shape(aspp + "bottleneck_conv.0.weight", 4)[0];
  aspp_.project =
      take_normed_at(weights, aspp + "bottleneck_conv", 0, {.in = 5 * wide, .out = channels, .activation = relu6});

  for (std::size_t i = kSteps; i-- > 0;) {
    if (indices_[i] && channels != widths[i])
      throw WeightError("key decoder_layer" + std::to_string(i) + ".dconv.0.weight: not the channels of its index map");
    steps_[i] = take_step(weights, i, channels, widths[i]);
    channels = steps_[i].out();
  }
  pred_0_ = take_normed_at(weights, "pred.0", 0, {.in = channels, .out = 1, .kernel = 5, .activation = relu6});
  pred_1_ = take_convolution(weights, "pred.1", {.in = 1, .out = 1, .kernel = 5, .has_bias = false});
  weights.expect_empty();
}

struct IndexNet::Frame final : Encoded, Conditioned {
  std::array<Tensor, kSteps> index;   // for the decoder
  std::array<Tensor, kSteps> shares;  // of the skips
  Tensor deep;                        // behind the ASPP
  std::vector<Tensor> likeness;
};

Tensor IndexNet::normalised(const Tensor& frame) const {
  const Tensor input = standardised(frame, kMean, kDeviation, layer0_.weight);
  const std::int64_t height = next_multiple(frame.size(0)), width = next_multiple(frame.size(1));
  if (height == frame.size(0) && width == frame.size(1)) return input;
  const Tensor image = bicubic(input.narrow(1, 0, 3), height, width);
  return at::cat({image, nearest(nearest(input.narrow(1, 3, 1), 2, height), 3, width)}, 1);
}

Tensor IndexNet::layer(std::size_t number, const Tensor& x) const {
  Tensor y = x;
  for (const Block& block : layers_[number]) y = block(y);
  return y;
}

std::unique_ptr<Encoded> IndexNet::encode_input(const Tensor& input) const {
  check_sides(input, {.step = kMultiple, .least = kMultiple});
  auto frame = std::make_unique<Frame>();
  Tensor x = channels_last(input);
  for (std::size_t i = 0; i < kLayers; ++i) {
    x = i == 0 ? layer0_(x) : layer(i, x);
    if (is_watched()) seen("layer" + std::to_string(i), x);
    if (i == 4 || i + 1 == kLayers) frame->likeness.push_back(x);
    if (i == kSteps) break;
    Tensor skip = x;
    if (indices_[i]) {
      const IndexBlock::Indices indices = (*indices_[i])(x);
      if (is_watched()) {
        seen(site(i) + "_en", indices.encoder);
        seen(site(i) + "_de", indices.decoder);
      }
      frame->index[i] = indices.decoder;
      skip = indices.encoder * x;
      x = at::avg_pool2d(skip, {2, 2}, {2, 2}) * 4;
    }
    frame->shares[i] = steps_[i].share(skip);
  }
  frame->deep = seen("dconv_pp", aspp_(x));
  return frame;
}

std::unique_ptr<Conditioned> IndexNet::condition(const Encoded& encoded, const Prompt&) const {
  return std::make_unique<Frame>(dynamic_cast<const Frame&>(encoded));
}

Tensor IndexNet::decode(const Conditioned& conditioned, Insertions& insertions) const {
  const auto& frame = dynamic_cast<const Frame&>(conditioned);
  Tensor x = frame.deep;
  for (std::size_t i = kSteps; i-- > 0;) {
    if (frame.index[i].defined()) {
      const Tensor index = insertions.pass(site(i), frame.index[i]);
      x = index * at::upsample_nearest2d(x, {index.size(2), index.size(3)});
    }
    x = steps_[i](x, frame.shares[i]);
    if (is_watched()) seen("decoder_layer" + std::to_string(i), x);
  }
  return seen("pred", pred_1_(pred_0_(x)));
}

std::vector<Tensor> IndexNet::likeness_levels(const Encoded& encoded, const Conditioned&) const {
  return dynamic_cast<const Frame&>(encoded).likeness;
}

std::vector<std::string> IndexNet::sites() const {
  std::vector<std::string> names;
  for (const std::size_t i : kIndexed) names.push_back(site(i));
  return names;
}

Tensor pasted_alpha(const Tensor& answer, const Tensor& frame) {
  const std::int64_t height = frame.size(0), width = frame.size(1);
  const bool fits = answer.size(2) == height && answer.size(3) == width;
  const Tensor alpha = fits ? answer : bicubic(answer, height, width);
  const Tensor values = alpha.view({height, width}).clamp(0, 1) * 255;
  const Tensor trimap = frame.select(2, 3);
  return at::where(trimap.eq(128), values, trimap.to(values.scalar_type()));
}

}  // namespace gbrs
