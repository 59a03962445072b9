// SPDX-License-Identifier: Apache-2.0
#include "networks/network.hpp"

#include <ATen/ops/tensor.h>

#include <stdexcept>

namespace gbrs {

Tensor Network::normalised(const Tensor&) const { throw std::logic_error("this network takes pixels only"); }

std::unique_ptr<Encoded> Network::encode_input(const Tensor&) const {
  throw std::logic_error("this network takes pixels only");
}

Tensor standardised(const Tensor& pixels, std::span<const double> mean, std::span<const double> deviation,
                    const Tensor& like) {
  const auto row = [&](std::span<const double> values) {
    return at::tensor(at::ArrayRef<double>(values.data(), values.size()), at::kDouble).to(like.options());
  };
  // [H,W,C] seen as [1,C,H,W] is channels-last memory already
  return ((pixels.to(like.scalar_type()) / 255 - row(mean)) / row(deviation)).permute({2, 0, 1}).unsqueeze(0);
}

void check_sides(const Tensor& input, const FrameSides& sides) {
  for (const std::int64_t side : {input.size(2), input.size(3)}) {
    if (side < sides.least || side % sides.step != sides.rest) {
      throw std::invalid_argument("a frame's sides must be multiples of " + std::to_string(sides.step) +
                                  (sides.rest != 0 ? " plus " + std::to_string(sides.rest) : "") + ", at least " +
                                  std::to_string(sides.least));
    }
  }
}

}  // namespace gbrs
