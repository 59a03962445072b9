// SPDX-License-Identifier: Apache-2.0
#include "gbrs/weights_file.hpp"

#include <new>

#include "models/tensor_file.hpp"

namespace gbrs {

Expected<std::vector<WeightsTensor>> inspect_weights(const std::filesystem::path& path) {
  try {
    const auto file = TensorFile::read(path);
    if (!file) return std::unexpected(file.error());
    std::vector<WeightsTensor> tensors;
    for (const TensorFile::Tensor& tensor : file->tensors()) {
      tensors.push_back({tensor.name, std::string(torch_type_name(tensor.type)), tensor.shape, file->sum(tensor)});
    }
    return tensors;
  } catch (const std::bad_alloc&) {
    return failure(ErrorCode::out_of_memory, "There is not enough memory to read " + path.string() + ".");
  }
}

}  // namespace gbrs
