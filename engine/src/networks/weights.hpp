// SPDX-License-Identifier: Apache-2.0
#pragma once

// A network's weights by key, taken one after another with the shape the network expects. Loading is strict:
// a key that is missing, has another shape, or was never taken is an error that names it.

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "layers/tensor.hpp"

namespace gbrs {

/// The weights do not belong to the network; what() names the key.
class WeightError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Weights {
 public:
  explicit Weights(std::map<std::string, Tensor> tensors) : tensors_(std::move(tensors)) {}

  /// Hands the tensor over. Throws WeightError.
  [[nodiscard]] Tensor take(const std::string& key, const std::vector<std::int64_t>& shape);
  /// Throws WeightError when a key was never taken.
  void expect_empty() const;

 private:
  std::map<std::string, Tensor> tensors_;
};

}  // namespace gbrs
