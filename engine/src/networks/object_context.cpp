// SPDX-License-Identifier: Apache-2.0
#include "networks/object_context.hpp"

#include <ATen/ops/bmm.h>
#include <ATen/ops/cat.h>

#include <cmath>

namespace gbrs {
namespace {

/// KEY.place a 1x1 convolution without bias, KEY.(place + 1).0 its norm, ReLU.
Convolution take_1x1(Weights& weights, const std::string& key, int place, std::int64_t in, std::int64_t out) {
  return take_normed(weights, key + "." + std::to_string(place), key + "." + std::to_string(place + 1) + ".0",
                     {.in = in, .out = out, .activation = Activation::relu, .has_bias = false});
}

/// [B,C,h,w] -> [B,h w,C].
Tensor rows(const Tensor& x) { return x.flatten(2).transpose(1, 2); }

}  // namespace

ObjectContext::ObjectContext(Weights& weights, const std::string& prefix, std::int64_t channels) {
  const std::string block = prefix + ".object_context_block.";
  const std::int64_t width = weights.shape(block + "f_down.1.0.bias", 1)[0];
  pixel_0_ = take_1x1(weights, block + "f_pixel", 0, channels, width);
  pixel_1_ = take_1x1(weights, block + "f_pixel", 2, width, width);
  object_0_ = take_1x1(weights, block + "f_object", 0, channels, width);
  object_1_ = take_1x1(weights, block + "f_object", 2, width, width);
  down_ = take_1x1(weights, block + "f_down", 0, channels, width);
  up_ = take_1x1(weights, block + "f_up", 0, width, channels);
  join_ = take_1x1(weights, prefix + ".conv_bn_dropout", 0, 2 * channels, channels);
}

ObjectContext::Result ObjectContext::operator()(const Tensor& features, const Tensor& coarse) const {
  const Tensor shares = coarse.flatten(2).softmax(-1);  // over the pixels, of each class [B,K,h w]
  Result result;
  result.context = at::bmm(shares, rows(features)).transpose(1, 2).unsqueeze(-1);
  result.attended = attended(features, result.context);
  result.features = join_(at::cat({result.attended, features}, 1).contiguous(at::MemoryFormat::ChannelsLast));
  return result;
}

Tensor ObjectContext::attended(const Tensor& features, const Tensor& context) const {
  const Tensor values = down_(context.contiguous(at::MemoryFormat::ChannelsLast));
  if (context.size(2) == 1) return up_(values).expand_as(features);  // one class: the attention is 1 everywhere
  const Tensor queries = pixel_1_(pixel_0_(features)), keys = object_1_(object_0_(context));
  const double scale = 1 / std::sqrt(static_cast<double>(queries.size(1)));
  const Tensor attention = (at::bmm(rows(queries), keys.flatten(2)) * scale).softmax(-1);  // [B,h w,K]
  const Tensor sums = at::bmm(attention, rows(values));                                    // [B,h w,width]
  return up_(sums.view({features.size(0), features.size(2), features.size(3), -1}).permute({0, 3, 1, 2}));
}

}  // namespace gbrs
