// SPDX-License-Identifier: Apache-2.0
#include "refine/load_weights.hpp"

#include <ATen/ops/empty.h>

#include <cstring>
#include <map>

#include "gbrs/script_file.hpp"
#include "models/file_bytes.hpp"
#include "models/sha256.hpp"
#include "networks/registry.hpp"
#include "networks/script_network.hpp"

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

Expected<void> check_sum(const ModelInfo& info, const std::filesystem::path& path, std::span<const std::byte> bytes) {
  const std::string sum = sha256_hex(bytes);
  if (sum == info.weights_sha256) return {};
  return failure(
      ErrorCode::damaged,
      "The model " + info.name + " is damaged: " + path.string() + " is not the file that its manifest names.",
      "SHA-256 " + sum + ", expected " + info.weights_sha256);
}

std::unexpected<Error> wrong_settings(const ModelInfo& info, const std::invalid_argument& error) {
  return failure(ErrorCode::damaged,
                 "The manifest of the model " + info.name + " has settings that its network cannot have.",
                 error.what());
}

/// Runs what is checked: the file is read once.
Expected<std::unique_ptr<Network>> load_script(const Manifest& manifest, c10::Device device) {
  const auto path = script_path(manifest.info);
  const auto bytes = read_file_bytes(path);
  if (!bytes) return std::unexpected(bytes.error());
  if (auto checked = check_sum(manifest.info, path, *bytes); !checked) return std::unexpected(checked.error());
  try {
    return std::make_unique<ScriptNetwork>(*bytes, Settings(manifest.settings), device);
  } catch (const ScriptError& error) {
    return failure(ErrorCode::damaged,
                   "The script of the model " + manifest.info.name + " cannot be used: " + error.what() + ".");
  } catch (const std::invalid_argument& error) {
    return wrong_settings(manifest.info, error);
  }
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
  if (is_script(manifest.info)) return load_script(manifest, device);
  if (!has_network(manifest.info.architecture)) {
    return failure(ErrorCode::unsupported,
                   "The model " + manifest.info.name + " needs a newer version of this program, one that knows " +
                       manifest.info.architecture + ".",
                   "architecture " + manifest.info.architecture);
  }
  const auto path = manifest.weights_path();
  const auto file = Safetensors::read(path);
  if (!file) return std::unexpected(file.error());
  if (auto checked = check_sum(manifest.info, path, file->bytes()); !checked) return std::unexpected(checked.error());
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
    return wrong_settings(manifest.info, error);
  }
}

}  // namespace gbrs
