// SPDX-License-Identifier: Apache-2.0
#pragma once

// The tensors of a weights file of any origin: safetensors, or a PyTorch checkpoint in either of its containers (ZIP
// since 1.6, a stream of pickles before). Nothing of a checkpoint is ever run. A file that is refused costs at most
// 64 MB beyond its size.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gbrs/error.hpp"
#include "models/safetensors.hpp"

namespace gbrs {

/// "float32", "bfloat16", "int64", "bool" … as PyTorch names them.
[[nodiscard]] std::string_view torch_type_name(DataType type);

class TensorFile {
 public:
  /// A tensor as a view of the file's bytes.
  struct Tensor {
    std::string name;
    DataType type = DataType::f32;
    std::vector<std::int64_t> shape;
    std::vector<std::int64_t> strides;  ///< in values, one for each dimension
    std::size_t begin = 0;              ///< of its first value, bytes from the start of the file
  };

  /// A checkpoint's tensors are those of its state: of its member "state_dict" or "model", where it has one; "module."
  /// before a name is left out. Errors: not_found, io, damaged, unsupported; the sentence names the file and what
  /// is wrong.
  static Expected<TensorFile> read(const std::filesystem::path& path);
  /// The same from memory; `name` stands in for the path in messages.
  static Expected<TensorFile> parse(std::vector<std::byte> bytes, std::string_view name);

  /// In the file's order.
  [[nodiscard]] const std::vector<Tensor>& tensors() const { return tensors_; }
  /// The tensor's values, little endian, C order.
  [[nodiscard]] std::vector<std::byte> values(const Tensor& tensor) const;
  /// Their sum.
  [[nodiscard]] double sum(const Tensor& tensor) const;

 private:
  std::vector<std::byte> bytes_;
  std::vector<Tensor> tensors_;
};

}  // namespace gbrs
