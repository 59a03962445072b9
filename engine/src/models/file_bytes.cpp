// SPDX-License-Identifier: Apache-2.0
#include "models/file_bytes.hpp"

#include <fstream>
#include <string>

namespace gbrs {

Expected<std::vector<std::byte>> read_file_bytes(const std::filesystem::path& path) {
  const std::string name = path.string();
  std::error_code code;
  const auto status = std::filesystem::status(path, code);
  if (!std::filesystem::exists(status)) return failure(ErrorCode::not_found, "There is no file " + name + ".");
  if (!std::filesystem::is_regular_file(status)) return failure(ErrorCode::io, name + " is not a file.");
  const std::uintmax_t size = std::filesystem::file_size(path, code);
  if (code) return failure(ErrorCode::io, "The file " + name + " cannot be read.", code.message());
  std::vector<std::byte> bytes(size);
  std::ifstream stream(path, std::ios::binary);
  stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (!stream) return failure(ErrorCode::io, "The file " + name + " cannot be read.");
  return bytes;
}

}  // namespace gbrs
