// SPDX-License-Identifier: Apache-2.0
#include "networks/separable.hpp"

#include <cassert>
#include <numeric>
#include <utility>

namespace gbrs {

SplitSeparable::SplitSeparable(Weights& weights, const std::string& key, const std::vector<std::int64_t>& parts,
                               std::int64_t out) {
  const std::int64_t in = std::accumulate(parts.begin(), parts.end(), std::int64_t{0});
  const Convolution depthwise =
      take_convolution(weights, key + ".depthwise",
                       {.in = in, .out = in, .kernel = 3, .activation = Activation::relu, .is_depthwise = true});
  const Convolution pointwise = take_convolution(weights, key + ".pointwise", {.in = in, .out = out});
  std::int64_t first = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    Part part{depthwise, pointwise};
    part.depthwise.weight = depthwise.weight.narrow(0, first, parts[i]).contiguous(at::MemoryFormat::ChannelsLast);
    part.depthwise.bias = depthwise.bias.narrow(0, first, parts[i]).contiguous();
    part.depthwise.groups = parts[i];
    part.pointwise.weight = pointwise.weight.narrow(1, first, parts[i]).contiguous(at::MemoryFormat::ChannelsLast);
    if (i + 1 < parts.size()) part.pointwise.bias = Tensor();
    if (i == 0) part.pointwise.activation = Activation::relu;
    parts_.push_back(std::move(part));
    first += parts[i];
  }
  upsampled_ = UpsampledSeparable(parts_[0].depthwise, parts_[0].pointwise);
}

Tensor SplitSeparable::share(std::size_t part, const Tensor& x) const {
  assert(part > 0);
  return parts_[part].pointwise(parts_[part].depthwise(x));
}

Tensor SplitSeparable::operator()(const Tensor& x, const Tensor& shares) const {
  return parts_[0].pointwise(parts_[0].depthwise(x), shares);
}

Tensor SplitSeparable::upsampled(const Tensor& x, const Tensor& shares) const {
  if (upsampled_.fits(x, shares)) return upsampled_(x, shares);
  return (*this)(upsample(x, shares.size(2), shares.size(3)), shares);
}

UpsampledHead::UpsampledHead(SplitSeparable level, Convolution head)
    : level_(std::move(level)), head_(std::move(head)), fused_(level_.upsampled_, head_) {}

Tensor UpsampledHead::operator()(const Tensor& x, const Tensor& shares) const {
  return fused_.fits(x, shares) ? fused_(x, shares) : head_(level_.upsampled(x, shares));
}

}  // namespace gbrs
