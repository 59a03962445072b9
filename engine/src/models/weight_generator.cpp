// SPDX-License-Identifier: Apache-2.0
#include "models/weight_generator.hpp"

#include <charconv>
#include <cmath>
#include <format>
#include <fstream>
#include <optional>

namespace gbrs {
namespace {

/// The top 24 bits of splitmix64 as a number of -1..1.
double next(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15U;
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
  z ^= z >> 31;
  return 2 * (static_cast<double>(z >> 40) / 16777216) - 1;
}

struct Form {
  double start, scale;
};

Form form_of(std::string_view key, const std::vector<std::int64_t>& shape, double gain) {
  const std::string_view last = key.substr(key.rfind('.') + 1);
  if (last == "running_var") return {1, 0.25};
  if (last == "running_mean") return {0, 0.125};
  if (last.ends_with("bias") && shape.size() <= 1) return {0, 0.0625};
  if (shape.size() < 2) return {1, 0.125};
  double fan_in = 1;
  for (std::size_t i = 1; i < shape.size(); ++i) fan_in *= static_cast<double>(shape[i]);
  return {0, std::sqrt(3 * gain / fan_in)};
}

std::optional<NamedShape> parse_row(std::string_view line) {
  const auto tab = line.find('\t');
  if (tab == std::string_view::npos || tab == 0) return std::nullopt;
  NamedShape row{.key = std::string(line.substr(0, tab)), .shape = {}};
  line.remove_prefix(tab + 1);
  std::string_view sizes = line.substr(0, line.find('\t'));
  std::int64_t count = 1;
  while (!sizes.empty()) {
    constexpr std::int64_t kMost = 1 << 28;
    std::int64_t size = 0;
    const auto [end, problem] = std::from_chars(sizes.data(), sizes.data() + sizes.size(), size);
    if (problem != std::errc{} || size < 1 || size > kMost || count > kMost / size) return std::nullopt;
    count *= size;
    row.shape.push_back(size);
    sizes.remove_prefix(static_cast<std::size_t>(end - sizes.data()));
    if (!sizes.empty() && sizes.front() != ',') return std::nullopt;
    if (!sizes.empty()) sizes.remove_prefix(1);
  }
  return row;
}

}  // namespace

std::vector<float> WeightGenerator::values(std::string_view key, const std::vector<std::int64_t>& shape) const {
  std::int64_t count = 1;
  for (const std::int64_t size : shape) count *= size;
  std::vector<float> values(static_cast<std::size_t>(count));
  std::uint64_t state = hash_of(key) ^ seed;
  const Form form = form_of(key, shape, gain);
  for (float& value : values) {
    double wide = form.start + form.scale * next(state);
    for (const auto& [suffix, factor] : overrides)
      if (key.ends_with(suffix)) wide *= factor;
    value = static_cast<float>(wide);
  }
  return values;
}

Expected<std::vector<NamedShape>> read_weight_table(const std::filesystem::path& path) {
  std::ifstream stream(path);
  if (!stream) return failure(ErrorCode::not_found, std::format("The table {} cannot be read.", path.string()));
  std::vector<NamedShape> rows;
  std::string line;
  std::getline(stream, line);  // the heading
  for (int number = 2; std::getline(stream, line); ++number) {
    auto row = parse_row(line);
    if (!row)
      return failure(ErrorCode::damaged, std::format("Line {} of {} has no key and shape.", number, path.string()));
    rows.push_back(std::move(*row));
  }
  if (rows.empty()) return failure(ErrorCode::damaged, std::format("The table {} has no keys.", path.string()));
  return rows;
}

}  // namespace gbrs
