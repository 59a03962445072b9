// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "gbrs/error.hpp"
#include "models/tensor_file.hpp"

namespace gbrs {

/// The tensors of a PyTorch checkpoint, as views of its bytes. Errors: damaged, unsupported.
Expected<std::vector<TensorFile::Tensor>> read_pytorch_checkpoint(std::span<const std::byte> bytes,
                                                                  std::string_view name);

}  // namespace gbrs
