// SPDX-License-Identifier: Apache-2.0
#include "models/tensor_file.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <functional>
#include <stdfloat>
#include <utility>

#include "models/file_bytes.hpp"
#include "models/pytorch_checkpoint.hpp"
#include "models/zip_archive.hpp"

namespace gbrs {
namespace {

constexpr std::array<std::pair<DataType, std::string_view>, 10> kNames{{{DataType::f64, "float64"},
                                                                        {DataType::f32, "float32"},
                                                                        {DataType::f16, "float16"},
                                                                        {DataType::bf16, "bfloat16"},
                                                                        {DataType::i64, "int64"},
                                                                        {DataType::i32, "int32"},
                                                                        {DataType::i16, "int16"},
                                                                        {DataType::i8, "int8"},
                                                                        {DataType::u8, "uint8"},
                                                                        {DataType::boolean, "bool"}}};

template <class T>
double value_as(const std::byte* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return static_cast<double>(value);
}

double value_of(DataType type, const std::byte* at) {
  static_assert(std::endian::native == std::endian::little);
  switch (type) {
    case DataType::f64:
      return value_as<double>(at);
    case DataType::f32:
      return value_as<float>(at);
    case DataType::f16:
      return value_as<std::float16_t>(at);
    case DataType::bf16:
      return value_as<std::bfloat16_t>(at);
    case DataType::i64:
      return value_as<std::int64_t>(at);
    case DataType::i32:
      return value_as<std::int32_t>(at);
    case DataType::i16:
      return value_as<std::int16_t>(at);
    case DataType::i8:
      return value_as<std::int8_t>(at);
    case DataType::u8:
    case DataType::boolean:
      break;
  }
  return value_as<std::uint8_t>(at);
}

/// Calls `visit` with the place in the file of each value in C order.
void for_each_value(const TensorFile::Tensor& tensor, const std::function<void(std::size_t)>& visit) {
  if (std::ranges::contains(tensor.shape, 0)) return;
  const std::size_t size = size_of(tensor.type);
  std::vector<std::int64_t> index(tensor.shape.size(), 0);
  std::int64_t place = 0;  // values from the first one
  for (;;) {
    visit(tensor.begin + static_cast<std::size_t>(place) * size);
    std::size_t axis = index.size();
    while (axis-- > 0) {
      place += tensor.strides[axis];
      if (++index[axis] < tensor.shape[axis]) break;
      place -= tensor.strides[axis] * tensor.shape[axis];
      index[axis] = 0;
    }
    if (axis == static_cast<std::size_t>(-1)) return;
  }
}

std::vector<std::int64_t> packed_strides(const std::vector<std::int64_t>& shape) {
  std::vector<std::int64_t> strides(shape.size());
  std::int64_t stride = 1;
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    strides[axis] = stride;
    stride *= std::max<std::int64_t>(shape[axis], 1);
  }
  return strides;
}

/// After the header's length comes the header, a JSON object.
bool looks_like_safetensors(std::span<const std::byte> bytes) {
  constexpr std::size_t kLengthBytes = 8;
  return bytes.size() > kLengthBytes && bytes[kLengthBytes] == std::byte{'{'};
}

/// The pickles of the older container begin with their protocol, as a safetensors file's length may.
bool looks_like_pickle(std::span<const std::byte> bytes) {
  return !bytes.empty() && bytes[0] == std::byte{0x80} && !looks_like_safetensors(bytes);
}

}  // namespace

std::string_view torch_type_name(DataType type) {
  return std::ranges::find(kNames, type, &std::pair<DataType, std::string_view>::first)->second;
}

Expected<TensorFile> TensorFile::read(const std::filesystem::path& path) {
  auto bytes = read_file_bytes(path);
  if (!bytes) return std::unexpected(bytes.error());
  return parse(std::move(*bytes), path.string());
}

Expected<TensorFile> TensorFile::parse(std::vector<std::byte> bytes, std::string_view name) {
  TensorFile file;
  if (ZipArchive::looks_like_zip(bytes) || looks_like_pickle(bytes)) {
    file.bytes_ = std::move(bytes);
    auto tensors = read_pytorch_checkpoint(file.bytes_, name);
    if (!tensors) return std::unexpected(tensors.error());
    file.tensors_ = std::move(*tensors);
    return file;
  }
  if (!looks_like_safetensors(bytes)) {
    return failure(ErrorCode::damaged,
                   "The file " + std::string(name) + " is neither a safetensors file nor a PyTorch checkpoint.");
  }
  auto safetensors = Safetensors::parse(std::move(bytes), name);
  if (!safetensors) return std::unexpected(safetensors.error());
  for (const TensorEntry& entry : safetensors->entries()) {
    const auto begin = static_cast<std::size_t>(safetensors->data(entry).data() - safetensors->bytes().data());
    file.tensors_.push_back({entry.name, entry.type, entry.shape, packed_strides(entry.shape), begin});
  }
  file.bytes_ = std::move(*safetensors).take_bytes();
  return file;
}

std::vector<std::byte> TensorFile::values(const Tensor& tensor) const {
  const std::size_t size = size_of(tensor.type);
  std::vector<std::byte> result;
  std::size_t count = size;
  for (const std::int64_t length : tensor.shape) count *= static_cast<std::size_t>(length);
  result.reserve(count);
  for_each_value(tensor, [&](std::size_t at) {
    result.insert(result.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(at),
                  bytes_.begin() + static_cast<std::ptrdiff_t>(at + size));
  });
  return result;
}

double TensorFile::sum(const Tensor& tensor) const {
  double sum = 0;
  for_each_value(tensor, [&](std::size_t at) { sum += value_of(tensor.type, bytes_.data() + at); });
  return sum;
}

}  // namespace gbrs
