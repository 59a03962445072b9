// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is in a file of weights, before it becomes a model.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "gbrs/error.hpp"
#include "gbrs/export.hpp"

namespace gbrs {

struct WeightsTensor {
  std::string name;
  std::string dtype;                ///< "float32", "bfloat16", "int64", "bool" … as PyTorch names them
  std::vector<std::int64_t> shape;
  double sum = 0;                   ///< of its values
};

/// The tensors of a safetensors file or a PyTorch checkpoint (either container), in the file's order. Nothing of a
/// checkpoint is run. Errors: not_found, io, damaged, unsupported; the sentence names the file and the cause.
GBRS_API Expected<std::vector<WeightsTensor>> inspect_weights(const std::filesystem::path& path);

}  // namespace gbrs
