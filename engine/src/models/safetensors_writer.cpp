// SPDX-License-Identifier: Apache-2.0
#include "models/safetensors_writer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

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

/// A file under a temporary name, always the same: what a killed program left is written over. Without finish()
/// nothing remains of it.
class PendingFile {
 public:
  explicit PendingFile(const std::filesystem::path& path) : path_(path.string()), temporary_(path_ + ".part") {
    file_ = open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    problem_ = file_ < 0 ? errno : 0;
  }
  PendingFile(const PendingFile&) = delete;
  PendingFile& operator=(const PendingFile&) = delete;
  ~PendingFile() {
    if (file_ < 0) return;
    close(file_);
    unlink(temporary_.c_str());
  }

  void write(std::span<const std::byte> bytes) {
    while (problem_ == 0 && !bytes.empty()) {
      const ssize_t written = ::write(file_, bytes.data(), bytes.size());
      if (written < 0 && errno != EINTR) problem_ = errno;
      if (written > 0) bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
  }

  Expected<void> finish() {
    if (problem_ == 0 && fsync(file_) != 0) problem_ = errno;
    if (problem_ == 0 && rename(temporary_.c_str(), path_.c_str()) != 0) problem_ = errno;
    if (problem_ != 0)
      return failure(ErrorCode::io, "The file " + path_ + " cannot be written: " + std::strerror(problem_) + ".");
    close(file_);
    file_ = -1;
    return {};
  }

 private:
  std::string path_;
  std::string temporary_;
  int file_ = -1;
  int problem_ = 0;
};

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
