// SPDX-License-Identifier: Apache-2.0
#include "refine/load_weights.hpp"

#include <ATen/ops/empty.h>

#include <cstring>
#include <map>

#include "models/sha256.hpp"
#include "networks/registry.hpp"

namespace gbrs {
namespace {

at::ScalarType scalar_type(DataType type) {
  switch (type) {
    case DataType::f64:
      return at::kDouble;
    case DataType::f32:
      return at::kFloat;
    case DataType::f16:
      return at::kHalf;
    case DataType::bf16:
      return at::kBFloat16;
    case DataType::i64:
      return at::kLong;
    case DataType::i32:
      return at::kInt;
    case DataType::i16:
      return at::kShort;
    case DataType::i8:
      return at::kChar;
    case DataType::u8:
      return at::kByte;
    case DataType::boolean:
      break;
  }
  return at::kBool;
}

}  // namespace

Tensor to_tensor(const Safetensors& file, const TensorEntry& entry) {
  Tensor tensor = at::empty(entry.shape, at::TensorOptions().dtype(scalar_type(entry.type)));
  const auto bytes = file.data(entry);
  // copied, since the file's values need not be aligned
  if (!bytes.empty()) std::memcpy(tensor.data_ptr(), bytes.data(), bytes.size());
  return tensor;
}

Expected<std::unique_ptr<Network>> load_network(const Manifest& manifest, c10::Device device) {
  if (!has_network(manifest.info.architecture)) {
    return failure(ErrorCode::unsupported,
                   "The model " + manifest.info.name + " needs a newer version of this program, one that knows " +
                       manifest.info.architecture + ".",
                   "architecture " + manifest.info.architecture);
  }
  const auto path = manifest.weights_path();
  const auto file = Safetensors::read(path);
  if (!file) return std::unexpected(file.error());
  if (const std::string sum = sha256_hex(file->bytes()); sum != manifest.info.weights_sha256) {
    return failure(ErrorCode::damaged,
                   "The weights of the model " + manifest.info.name + " are damaged: " + path.string() +
                       " is not the file that its manifest names.",
                   "SHA-256 " + sum + ", expected " + manifest.info.weights_sha256);
  }
  std::map<std::string, Tensor> tensors;
  for (const TensorEntry& entry : file->entries()) {
    tensors.emplace(entry.name, to_tensor(*file, entry).to(device, at::kFloat));
  }
  try {
    return make_network(manifest.info.architecture, Weights(std::move(tensors)), Settings(manifest.settings));
  } catch (const WeightError& error) {
    return failure(ErrorCode::damaged,
                   "The weights of the model " + manifest.info.name + " do not belong to its network " +
                       manifest.info.architecture + ".",
                   path.string() + ": " + error.what());
  } catch (const std::invalid_argument& error) {
    return failure(ErrorCode::damaged,
                   "The manifest of the model " + manifest.info.name + " has settings that its network cannot have.",
                   error.what());
  }
}

}  // namespace gbrs
