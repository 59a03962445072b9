// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reader of the safetensors format, for files of any origin:
//
//   8 bytes     length N of the header, little endian
//   N bytes     JSON: {"name": {"dtype": "F16", "shape": [2, 3], "data_offsets": [0, 12]}, ...,
//               "__metadata__": {"text": "text"}}
//   the rest    the values, little endian, C order; offsets count from here
//
// Strict: unknown members and types, duplicate names, overlaps and holes in the data, sizes that do not fit
// shape and type are refused. The header is checked against the file's size before any value is read, so a
// refusal costs at most 16 MB beyond the file's size.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gbrs/error.hpp"

namespace gbrs {

enum class DataType { f64, f32, f16, bf16, i64, i32, i16, i8, u8, boolean };

/// Bytes of one value.
[[nodiscard]] std::size_t size_of(DataType type);

struct TensorEntry {
  std::string name;
  DataType type = DataType::f32;
  std::vector<std::int64_t> shape;
  std::size_t begin = 0;  ///< of its bytes, from the start of the data
  std::size_t end = 0;
};

class Safetensors {
 public:
  /// The longest header accepted: some 10,000 tensors. A byte of it can become 10 bytes of the reader's.
  static constexpr std::size_t kMaxHeaderBytes = std::size_t{1} << 20;

  /// Errors: not_found, io, damaged; the sentence names the file and what is wrong.
  static Expected<Safetensors> read(const std::filesystem::path& path);
  /// The same from memory; `name` stands in for the path in messages.
  static Expected<Safetensors> parse(std::vector<std::byte> bytes, std::string_view name);

  /// In the order of their data.
  [[nodiscard]] const std::vector<TensorEntry>& entries() const { return entries_; }
  /// The texts of "__metadata__".
  [[nodiscard]] const std::map<std::string, std::string>& metadata() const { return metadata_; }
  [[nodiscard]] std::span<const std::byte> data(const TensorEntry& entry) const;
  /// The whole file.
  [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }
  [[nodiscard]] std::vector<std::byte> take_bytes() && { return std::move(bytes_); }

 private:
  std::vector<std::byte> bytes_;
  std::size_t data_begin_ = 0;
  std::vector<TensorEntry> entries_;
  std::map<std::string, std::string> metadata_;
};

}  // namespace gbrs
