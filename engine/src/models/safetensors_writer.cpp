// SPDX-License-Identifier: Apache-2.0
#include "models/safetensors_writer.hpp"

#include <nlohmann/json.hpp>

#include "models/pending_file.hpp"

namespace gbrs {
namespace {

std::string_view type_name(DataType type) {
  switch (type) {
    case DataType::f64:
      return "F64";
    case DataType::f32:
      return "F32";
    case DataType::f16:
      return "F16";
    case DataType::bf16:
      return "BF16";
    case DataType::i64:
      return "I64";
    case DataType::i32:
      return "I32";
    case DataType::i16:
      return "I16";
    case DataType::i8:
      return "I8";
    case DataType::u8:
      return "U8";
    case DataType::boolean:
      break;
  }
  return "BOOL";
}

/// Length and header, filled up so that the values begin at a multiple of 8 bytes.
std::string make_head(const std::vector<TensorBytes>& tensors, const std::map<std::string, std::string>& metadata) {
  nlohmann::json header = nlohmann::json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::size_t begin = 0;
  for (const TensorBytes& tensor : tensors) {
    const std::size_t end = begin + tensor.bytes.size();
    header[tensor.name] = {{"dtype", type_name(tensor.type)}, {"shape", tensor.shape}, {"data_offsets", {begin, end}}};
    begin = end;
  }
  std::string text = header.dump();
  text.append((8 - text.size() % 8) % 8, ' ');
  std::string head;
  for (std::size_t i = 0; i < 8; ++i) head += static_cast<char>(text.size() >> (8 * i) & 255);
  return head + text;
}

}  // namespace

Expected<void> write_safetensors(const std::filesystem::path& path, const std::vector<TensorBytes>& tensors,
                                 const std::map<std::string, std::string>& metadata) {
  PendingFile file(path);
  const std::string head = make_head(tensors, metadata);
  file.write(std::as_bytes(std::span(head)));
  for (const TensorBytes& tensor : tensors) file.write(tensor.bytes);
  return file.finish();
}

}  // namespace gbrs
