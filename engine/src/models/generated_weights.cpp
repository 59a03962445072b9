// SPDX-License-Identifier: Apache-2.0
// Weights for a network that there are none of: only how long it takes is asked for.

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <format>
#include <fstream>
#include <random>
#include <string>

#include "gbrs/weights_file.hpp"
#include "models/safetensors_writer.hpp"

namespace gbrs {
namespace {

struct Row {
  std::string key;
  std::vector<std::int64_t> shape;
};

/// KEY, tab, SIZE,SIZE,…; what follows a second tab does not matter.
std::optional<Row> parse_row(std::string_view line) {
  const auto tab = line.find('\t');
  if (tab == std::string_view::npos || tab == 0) return std::nullopt;
  Row row{.key = std::string(line.substr(0, tab)), .shape = {}};
  line.remove_prefix(tab + 1);
  std::string_view sizes = line.substr(0, line.find('\t'));
  std::int64_t count = 1;
  while (!sizes.empty()) {
    std::int64_t size = 0;
    const auto [end, problem] = std::from_chars(sizes.data(), sizes.data() + sizes.size(), size);
    constexpr std::int64_t most = 1 << 28;
    if (problem != std::errc{} || size < 1 || size > most || count > most / size) return std::nullopt;
    count *= size;
    row.shape.push_back(size);
    sizes.remove_prefix(static_cast<std::size_t>(end - sizes.data()));
    if (!sizes.empty() && sizes.front() != ',') return std::nullopt;
    if (!sizes.empty()) sizes.remove_prefix(1);
  }
  return row;
}

/// Features keep their size from layer to layer.
std::vector<float> values_of(const Row& row, std::minstd_rand& random) {
  std::int64_t count = 1;
  for (const std::int64_t size : row.shape) count *= size;
  std::vector<float> values(static_cast<std::size_t>(count));
  float centre = 0, spread = 0.05F;
  if (row.shape.size() > 1) {
    spread = std::sqrt(3.0F * static_cast<float>(row.shape[0]) / static_cast<float>(count));
  } else if (!row.key.ends_with("bias") && !row.key.ends_with("running_mean")) {
    centre = 1;
  }
  std::uniform_real_distribution<float> distribution(centre - spread, centre + spread);
  for (float& value : values) value = distribution(random);
  return values;
}

}  // namespace

Expected<void> generate_weights(const std::filesystem::path& table, const std::filesystem::path& file) {
  std::ifstream stream(table);
  if (!stream) return failure(ErrorCode::not_found, std::format("The table {} cannot be read.", table.string()));
  std::minstd_rand random(1);
  std::vector<Row> rows;
  std::vector<std::vector<float>> values;
  std::string line;
  std::getline(stream, line);  // the heading
  for (int number = 2; std::getline(stream, line); ++number) {
    auto row = parse_row(line);
    if (!row)
      return failure(ErrorCode::damaged, std::format("Line {} of {} has no key and shape.", number, table.string()));
    values.push_back(values_of(*row, random));
    rows.push_back(std::move(*row));
  }
  if (rows.empty()) return failure(ErrorCode::damaged, std::format("The table {} has no keys.", table.string()));
  std::vector<TensorBytes> tensors;
  for (std::size_t i = 0; i < rows.size(); ++i)
    tensors.push_back({rows[i].key, DataType::f32, rows[i].shape, std::as_bytes(std::span(values[i]))});
  return write_safetensors(file, tensors);
}

}  // namespace gbrs
