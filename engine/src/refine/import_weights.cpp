// SPDX-License-Identifier: Apache-2.0
#include "models/importing.hpp"

#include <cmath>
#include <cstring>
#include <new>
#include <optional>
#include <stdfloat>
#include <utility>
#include <vector>

#include "gbrs/export.hpp"
#include "models/refusal.hpp"
#include "models/safetensors_writer.hpp"
#include "models/sha256.hpp"
#include "models/tensor_file.hpp"
#include "networks/recognition.hpp"
#include "refine/load_weights.hpp"
#include "refine/try_script.hpp"

namespace gbrs {
namespace {

/// None: a value is beyond what 16 bits hold.
std::optional<std::vector<std::byte>> as_half(std::span<const std::byte> floats) {
  std::vector<std::byte> halves(floats.size() / 2);
  for (std::size_t i = 0; i < floats.size() / sizeof(float); ++i) {
    float value = 0;
    std::memcpy(&value, floats.data() + i * sizeof value, sizeof value);
    const auto half = static_cast<std::float16_t>(value);
    if (std::isfinite(value) && !std::isfinite(static_cast<float>(half))) return std::nullopt;
    std::memcpy(halves.data() + i * sizeof half, &half, sizeof half);
  }
  return halves;
}

Expected<void> write_weights(const TensorFile& file, bool has_half, const std::filesystem::path& path) {
  std::vector<std::vector<std::byte>> values;
  std::vector<TensorBytes> tensors;
  for (const TensorFile::Tensor& tensor : file.tensors()) {
    values.push_back(file.values(tensor));
    auto halves = has_half && tensor.type == DataType::f32 ? as_half(values.back()) : std::nullopt;
    if (halves) values.back() = std::move(*halves);
    tensors.push_back({tensor.name, halves ? DataType::f16 : tensor.type, tensor.shape, values.back()});
  }
  return write_safetensors(path, tensors);
}

/// Loads it as every use will.
Expected<void> check_weights(const ImportRequest& request, const ImportResult& result) {
  Manifest manifest;
  manifest.info.name = request.file.filename().string();
  manifest.info.architecture = result.architecture;
  manifest.info.weights_sha256 = result.weights_sha256;
  manifest.info.folder = request.folder;
  manifest.settings = result.settings;
  const auto loaded = load_network(manifest, at::kCPU);
  if (loaded) return {};
  const std::string& detail = loaded.error().detail;
  const std::string path = manifest.weights_path().string() + ": ";  // a temporary one
  return refusal(ErrorCode::damaged, request.file.string(), "a whole network " + result.architecture,
                 detail.starts_with(path) ? detail.substr(path.size()) : detail);
}

Expected<ImportResult> import_file(const ImportRequest& request) {
  const auto file = TensorFile::read(request.file);
  if (!file) return std::unexpected(file.error());
  WeightShapes shapes;
  for (const TensorFile::Tensor& tensor : file->tensors()) shapes.emplace(tensor.name, tensor.shape);
  const auto network = recognise(shapes);
  auto profile = network ? profile_of(network->architecture, shapes) : std::nullopt;
  if (!profile) {
    return failure(ErrorCode::unsupported,
                   "The file " + request.file.string() + " belongs to no network that a model can be made of: " +
                       (network ? "it is of " + network->architecture : "its keys are of none that is known") + ".");
  }
  ImportResult result{.architecture = network->architecture,
                      .settings = network->settings.values(),
                      .profile = std::move(*profile),
                      .weights_sha256 = {}};
  const auto weights = request.folder / "weights.safetensors";
  if (auto written = write_weights(*file, request.has_half_weights, weights); !written)
    return std::unexpected(written.error());
  const auto read = Safetensors::read(weights);
  if (!read) return std::unexpected(read.error());
  result.weights_sha256 = sha256_hex(read->bytes());
  if (auto checked = check_weights(request, result); !checked) return std::unexpected(checked.error());
  return result;
}

Expected<ImportResult> guarded_import(const ImportRequest& request) {
  try {
    return import_file(request);
  } catch (const std::bad_alloc&) {
    return failure(ErrorCode::out_of_memory, "There is not enough memory to import " + request.file.string() + ".");
  } catch (const std::exception& error) {
    return failure(ErrorCode::internal, "The file " + request.file.string() + " cannot be imported.", error.what());
  }
}

}  // namespace
}  // namespace gbrs

extern "C" GBRS_API const gbrs::Importer* gbrs_importer() {
  static const gbrs::Importer importer{.import = gbrs::guarded_import, .try_script = gbrs::try_script};
  return &importer;
}
