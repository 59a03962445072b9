// SPDX-License-Identifier: Apache-2.0
#pragma once

// Writer of the safetensors format (models/safetensors.hpp reads it). The file appears at once and complete
// (models/pending_file.hpp).

#include <map>
#include <span>
#include <string>
#include <vector>

#include "models/safetensors.hpp"

namespace gbrs {

/// A tensor to be written: its values, little endian, C order.
struct TensorBytes {
  std::string name;
  DataType type = DataType::f32;
  std::vector<std::int64_t> shape;
  std::span<const std::byte> bytes;
};

/// Errors: io (the file that was there is unchanged).
[[nodiscard]] Expected<void> write_safetensors(const std::filesystem::path& path,
                                               const std::vector<TensorBytes>& tensors,
                                               const std::map<std::string, std::string>& metadata = {});

}  // namespace gbrs
