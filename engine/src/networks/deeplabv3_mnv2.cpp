// SPDX-License-Identifier: Apache-2.0
#include "networks/deeplabv3_mnv2.hpp"

#include <ATen/ops/cat.h>

#include <array>

namespace gbrs {
namespace {

using enum Activation;

constexpr std::array<std::string_view, 4> kSites{"block3", "block6", "block16", "concat_projection"};
constexpr std::int64_t kWidth = 256;

}  // namespace

DeepLabV3Mnv2::DeepLabV3Mnv2(Weights weights, const Settings& settings)
    : backbone_(weights, "mobilenetv2", static_cast<int>(settings.number("output_stride", 16))),
      image_pooling_(take_convolution(weights, "image_pooling", {.in = 320, .out = kWidth, .activation = relu})),
      aspp0_(take_convolution(weights, "aspp0", {.in = 320, .out = kWidth, .activation = relu})),
      concat_projection_(
          take_convolution(weights, "concat_projection", {.in = 2 * kWidth, .out = kWidth, .activation = relu})),
      logits_(take_convolution(weights, "logits.semantic",
                               {.in = kWidth, .out = weights.shape("logits.semantic.weight", 4)[0]})) {
  weights.expect_empty();
}

Tensor DeepLabV3Mnv2::normalised(const Tensor& frame) const {
  constexpr double scale = 0.007843017578125;  // the training's 2/255, in bfloat16
  return (frame.to(logits_.weight.scalar_type()) * scale - 1).permute({2, 0, 1}).unsqueeze(0);
}

ChainNetwork::Start DeepLabV3Mnv2::begin(const Tensor& input) const {
  check_sides(input, frame_sides());
  return {.feature = seen("expanded_conv_3", backbone_.blocks(backbone_.stem(input), 0, 3)), .skips = {}};
}

Tensor DeepLabV3Mnv2::part(std::size_t site, const Tensor& x, const Skips&) const {
  switch (site) {
    case 0:
      return seen("expanded_conv_6", backbone_.blocks(x, 4, 6));
    case 1:
      return seen("expanded_conv_16", backbone_.blocks(x, 7, 16));
    case 2:
      return seen("concat_projection", project(x));
    default:
      return seen("logits", logits_(x));
  }
}

Tensor DeepLabV3Mnv2::project(const Tensor& x) const {
  const Tensor local = aspp0_(x);
  const Tensor pool = image_pooling_(x.mean({2, 3}, /*keepdim=*/true));
  return concat_projection_(at::cat({pool.expand_as(local), local}, 1));
}

std::span<const std::string_view> DeepLabV3Mnv2::site_names() const { return kSites; }

std::vector<Tensor> DeepLabV3Mnv2::likeness(const Skips&, const std::vector<Tensor>& features) const {
  return {features[0], features[2]};
}

}  // namespace gbrs
