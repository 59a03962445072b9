// SPDX-License-Identifier: Apache-2.0
#pragma once

// The oracle's tiny network: four 3x3 convolutions with two sites, at torch's own operators.

#include <ATen/ops/conv2d.h>
#include <ATen/ops/elu.h>
#include <ATen/ops/upsample_bilinear2d.h>

#include "layers/insertions.hpp"
#include "support/oracle.hpp"
#include "support/tensors.hpp"

namespace gbrs::test {

class OracleNet {
 public:
  OracleNet(const OracleCase& oracle, at::ScalarType type) : settings_(oracle.settings) {
    for (int i = 1; i <= 4; ++i) {
      weights_.push_back(to_tensor(oracle.at("w" + std::to_string(i)), type));
      biases_.push_back(to_tensor(oracle.at("b" + std::to_string(i)), type));
    }
  }

  /// x [1,C,H,W] -> [1,classes,H,W]. Sites: x, A, B.
  [[nodiscard]] Tensor decode(const Tensor& input, Insertions& insertions) const {
    const Tensor x = insertions.pass("x", input);
    const Tensor at_a = insertions.pass("A", activate(convolve(1, activate(convolve(0, x, 1)), 2)));
    const Tensor at_b = insertions.pass("B", activate(convolve(2, at_a, 1)));
    const Tensor y = at::upsample_bilinear2d(convolve(3, at_b, 1), {x.size(2), x.size(3)}, /*align_corners=*/false);
    return settings_.at("out") == "none" ? y : y.sigmoid() * settings_.at("scale").get<double>();
  }

 private:
  [[nodiscard]] Tensor convolve(std::size_t i, const Tensor& x, std::int64_t stride) const {
    return at::conv2d(x, weights_[i], biases_[i], stride, 1);
  }
  [[nodiscard]] Tensor activate(const Tensor& x) const { return settings_.at("act") == "relu" ? x.relu() : at::elu(x); }

  nlohmann::json settings_;
  std::vector<Tensor> weights_, biases_;
};

}  // namespace gbrs::test
