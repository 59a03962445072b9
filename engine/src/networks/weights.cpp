// SPDX-License-Identifier: Apache-2.0
#include "networks/weights.hpp"

#include <algorithm>
#include <sstream>

namespace gbrs {

Tensor without_denormals(const Tensor& weight) {
  constexpr double least = 1e-15;  // times anything that features hold is nothing beside them
  if (!weight.is_floating_point() || weight.requires_grad()) return weight;
  return weight.masked_fill(weight.abs() < least, 0);
}

Tensor Weights::take(const std::string& key, const std::vector<std::int64_t>& shape) {
  if (maker_) return maker_(key, shape);
  const auto found = tensors_.find(key);
  if (found == tensors_.end()) throw WeightError("missing key " + key);
  Tensor tensor = found->second;
  if (tensor.sizes() != at::IntArrayRef(shape)) {
    std::ostringstream text;
    text << "key " << key << ": shape " << tensor.sizes() << ", expected " << at::IntArrayRef(shape);
    throw WeightError(text.str());
  }
  tensors_.erase(found);
  return without_denormals(tensor);
}

std::vector<std::int64_t> Weights::shape(const std::string& key, std::size_t dimensions) const {
  const auto found = tensors_.find(key);
  if (found == tensors_.end()) throw WeightError("missing key " + key);
  const at::IntArrayRef sizes = found->second.sizes();
  if (sizes.size() != dimensions || std::ranges::any_of(sizes, [](std::int64_t size) { return size < 1; })) {
    std::ostringstream text;
    text << "key " << key << ": shape " << sizes << ", expected " << dimensions << " positive sizes";
    throw WeightError(text.str());
  }
  return sizes.vec();
}

void Weights::expect_empty() const {
  if (!tensors_.empty()) throw WeightError("unknown key " + tensors_.begin()->first);
}

}  // namespace gbrs
