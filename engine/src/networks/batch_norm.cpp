// SPDX-License-Identifier: Apache-2.0
#include "networks/batch_norm.hpp"

#include <ATen/ops/addcmul.h>

namespace gbrs {

Tensor BatchNorm::operator()(const Tensor& x) const {
  return at::addcmul(shift.view({1, -1, 1, 1}), x, scale.view({1, -1, 1, 1}));
}

BatchNorm take_batch_norm(Weights& weights, const std::string& key, std::int64_t channels, double epsilon) {
  const auto take = [&](const char* name) { return weights.take(key + name, {channels}); };
  const Tensor weight = take(".weight"), bias = take(".bias");
  const Tensor mean = take(".running_mean"), variance = take(".running_var");
  weights.drop(key + ".num_batches_tracked");
  const Tensor scale = weight.to(at::kDouble) / (variance.to(at::kDouble) + epsilon).sqrt();
  const Tensor shift = bias.to(at::kDouble) - mean.to(at::kDouble) * scale;
  const auto rounded = [&](const Tensor& values) { return without_denormals(values).to(weight.scalar_type()); };
  return {.scale = rounded(scale), .shift = rounded(shift)};
}

Convolution folded(Convolution convolution, const BatchNorm& norm) {
  const at::ScalarType type = convolution.weight.scalar_type();
  const Tensor scale = norm.scale.to(at::kDouble);
  Tensor bias = norm.shift.to(at::kDouble);
  if (convolution.bias.defined()) bias = bias + convolution.bias.to(at::kDouble) * scale;
  convolution.weight = without_denormals(convolution.weight.to(at::kDouble) * scale.view({-1, 1, 1, 1}))
                           .to(type)
                           .contiguous(at::MemoryFormat::ChannelsLast);
  convolution.bias = without_denormals(bias).to(type);
  return convolution;
}

Convolution take_normed(Weights& weights, const std::string& key, const std::string& norm, ConvolutionShape shape,
                        double epsilon) {
  return folded(take_convolution(weights, key, shape), take_batch_norm(weights, norm, shape.out, epsilon));
}

}  // namespace gbrs
