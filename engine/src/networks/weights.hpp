// SPDX-License-Identifier: Apache-2.0
#pragma once

// A network's weights by key, taken one after another with the shape the network expects. Loading is strict:
// a key that is missing, has another shape, or was never taken is an error that names it.

#include <cstdint>
#include <functional>
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

/// Zero for values that are too small to matter. Weight decay drives some into the range of denormal numbers, with
/// which processors are a hundred times slower (ESPNet: 3 % of the published weights). What asks for gradients stays as
/// it is.
[[nodiscard]] Tensor without_denormals(const Tensor& weight);

class Weights {
 public:
  explicit Weights(std::map<std::string, Tensor> tensors) : tensors_(std::move(tensors)) {}

  /// No weights yet: each is made when the network asks for it, for a training's beginning.
  using Maker = std::function<Tensor(const std::string& key, const std::vector<std::int64_t>& shape)>;
  explicit Weights(Maker maker) : maker_(std::move(maker)) {}

  /// Hands the tensor over, without denormals. Throws WeightError.
  [[nodiscard]] Tensor take(const std::string& key, const std::vector<std::int64_t>& shape);
  /// What is there, for networks that read their widths off their weights. The sizes are positive, `dimensions` of
  /// them. Throws WeightError; a maker knows no shapes.
  [[nodiscard]] std::vector<std::int64_t> shape(const std::string& key, std::size_t dimensions) const;
  [[nodiscard]] bool has(const std::string& key) const { return tensors_.contains(key); }
  /// Lets go of a key that the network has no use for; it may be missing.
  void drop(const std::string& key) { tensors_.erase(key); }
  /// The same for all keys that begin so.
  void drop_all(const std::string& prefix) {
    std::erase_if(tensors_, [&](const auto& entry) { return entry.first.starts_with(prefix); });
  }
  /// Throws WeightError when a key was never taken.
  void expect_empty() const;

 private:
  std::map<std::string, Tensor> tensors_;
  Maker maker_;
};

}  // namespace gbrs
