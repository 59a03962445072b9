// SPDX-License-Identifier: Apache-2.0
#include "training/tensor_files.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

#include <cmath>
#include <format>

#include "models/safetensors_writer.hpp"
#include "models/weight_generator.hpp"
#include "networks/matte_mnv2.hpp"
#include "networks/registry.hpp"
#include "networks/segment_mnv2.hpp"
#include "refine/load_weights.hpp"
#include "training/random.hpp"

namespace gbrs {
namespace {

DataType data_type(const Tensor& tensor) {
  switch (tensor.scalar_type()) {
    case at::kHalf:
      return DataType::f16;
    case at::kBFloat16:
      return DataType::bf16;
    case at::kDouble:
      return DataType::f64;
    default:
      return DataType::f32;
  }
}

/// Empty where the weights are the architecture's, else what is wrong.
std::string misfit(const std::string& architecture, const TensorMap& tensors) {
  try {
    (void)make_network(architecture, Weights(tensors));
    return "";
  } catch (const WeightError& error) {
    return error.what();
  }
}

/// segment-mnv2 -> segment-mnv2-entering: two more click maps, and clicks that enter the encoder, all without effect.
void let_clicks_enter(TensorMap& tensors) {
  const auto half = tensors.find("clicks.half.weight");
  if (half == tensors.end() || half->second.dim() != 4 || half->second.size(1) != 3) return;
  const Tensor& old = half->second;
  half->second = at::cat({old, at::zeros({old.size(0), 2, old.size(2), old.size(3)})}, 1);
  tensors.emplace("clicks.enter.weight", at::zeros({32, 32, 1, 1}));
  tensors.emplace("clicks.enter.bias", at::zeros({32}));
}

TensorMap random_weights(const std::string& architecture, std::uint64_t seed) {
  TensorMap tensors;
  const auto make = [&](const std::string& key, const std::vector<std::int64_t>& shape) {
    Tensor tensor = at::zeros(shape, at::TensorOptions().dtype(at::kFloat));
    if (shape.size() == 4) {
      Random random{seed, hash_of(key)};  // whatever order the network asks in
      const double deviation = std::sqrt(2.0 / static_cast<double>(shape[1] * shape[2] * shape[3]));
      auto* values = tensor.data_ptr<float>();
      for (std::int64_t i = 0; i < tensor.numel(); ++i) values[i] = static_cast<float>(deviation * random.normal());
    }
    return tensors.insert_or_assign(key, tensor).first->second;
  };
  (void)make_network(architecture, Weights(make));
  return tensors;
}

/// segment-mnv2-entering -> matte-mnv2: the trimap's object and background enter where the regions of clicks with radii
/// did; the other maps get zeros, and what is behind 1/2 is new.
void let_trimap_enter(TensorMap& tensors, std::uint64_t seed) {
  const auto half = tensors.find("clicks.half.weight");
  if (half == tensors.end() || half->second.dim() != 4 || half->second.size(1) != 5) return;
  const Tensor& old = half->second;
  half->second = at::cat({old.narrow(1, 3, 2), at::zeros({old.size(0), 2, old.size(2), old.size(3)})}, 1);
  const std::string clicks = "clicks.", trimap = std::string(MatteMnv2::kMaps) + ".";
  TensorMap renamed;
  for (const auto& [key, tensor] : tensors) {
    if (key.starts_with("half.logit.")) continue;
    renamed.emplace(key.starts_with(clicks) ? trimap + key.substr(clicks.size()) : key, tensor);
  }
  renamed.merge(random_weights(std::string(MatteMnv2::kName), seed));
  tensors = std::move(renamed);
}

}  // namespace

Expected<TensorFile> read_tensors(const std::filesystem::path& path) {
  const auto file = Safetensors::read(path);
  if (!file) return std::unexpected(file.error());
  TensorFile result{.tensors = {}, .metadata = file->metadata()};
  for (const TensorEntry& entry : file->entries()) result.tensors.emplace(entry.name, to_tensor(*file, entry));
  return result;
}

Expected<void> write_tensors(const std::filesystem::path& path, const TensorFile& file) {
  std::vector<Tensor> kept;  // in C order, alive until they are written
  std::vector<TensorBytes> bytes;
  for (const auto& [name, tensor] : file.tensors) {
    const Tensor& values = kept.emplace_back(tensor.contiguous());
    bytes.push_back({.name = name,
                     .type = data_type(values),
                     .shape = values.sizes().vec(),
                     .bytes = {static_cast<const std::byte*>(values.data_ptr()), values.nbytes()}});
  }
  return write_safetensors(path, bytes, file.metadata);
}

Expected<TensorMap> initial_weights(const std::string& architecture, const std::optional<std::filesystem::path>& from,
                                    std::uint64_t seed) {
  if (!has_network(architecture))
    return failure(ErrorCode::unsupported, std::format("There is no architecture {}.", architecture));
  if (!from) return random_weights(architecture, seed);
  auto file = read_tensors(*from);
  if (!file) return std::unexpected(file.error());
  for (auto& [key, tensor] : file->tensors) tensor = tensor.to(at::kFloat);
  std::string problem = misfit(architecture, file->tensors);
  if (!problem.empty() && architecture == SegmentMnv2::kEntering) let_clicks_enter(file->tensors);
  if (!problem.empty() && architecture == MatteMnv2::kName) let_trimap_enter(file->tensors, seed);
  if (!problem.empty()) problem = misfit(architecture, file->tensors);
  if (problem.empty()) return std::move(file->tensors);
  return failure(ErrorCode::damaged, std::format("The weights {} are not those of {}.", from->string(), architecture),
                 problem);
}

}  // namespace gbrs
