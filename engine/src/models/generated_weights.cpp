// SPDX-License-Identifier: Apache-2.0
// A file of weights for a network that there are none of: only how long it takes is asked for.

#include <new>
#include <span>

#include "gbrs/weights_file.hpp"
#include "models/safetensors_writer.hpp"
#include "models/weight_generator.hpp"

namespace gbrs {

Expected<void> generate_weights(const std::filesystem::path& table, const std::filesystem::path& file) {
  const auto rows = read_weight_table(table);
  if (!rows) return std::unexpected(rows.error());
  try {
    const WeightGenerator generator;
    std::vector<std::vector<float>> values;
    std::vector<TensorBytes> tensors;
    for (const NamedShape& row : *rows) {
      values.push_back(generator.values(row.key, row.shape));
      tensors.push_back({row.key, DataType::f32, row.shape, std::as_bytes(std::span(values.back()))});
    }
    return write_safetensors(file, tensors);
  } catch (const std::bad_alloc& error) {
    return failure(ErrorCode::out_of_memory, "There is not enough memory for weights of this size.", error.what());
  }
}

}  // namespace gbrs
