// SPDX-License-Identifier: Apache-2.0
#include "networks/aspp.hpp"

#include <ATen/ops/cat.h>

namespace gbrs {

Tensor Aspp::operator()(const Tensor& x) const {
  std::vector<Tensor> parts;
  for (const std::vector<Convolution>& branch : branches) {
    Tensor y = x;
    for (const Convolution& convolution : branch) y = convolution(y);
    parts.push_back(y);
  }
  parts.push_back(pool(x.mean({2, 3}, /*keepdim=*/true)).expand_as(parts.front()));
  return project(at::cat(parts, 1).contiguous(at::MemoryFormat::ChannelsLast));
}

}  // namespace gbrs
