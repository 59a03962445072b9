// SPDX-License-Identifier: Apache-2.0
#pragma once

// Weights from and to safetensors files.

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "training/learned_weights.hpp"

namespace gbrs {

struct TensorFile {
  TensorMap tensors;
  std::map<std::string, std::string> metadata;
};

/// Errors: not_found, io, damaged.
[[nodiscard]] Expected<TensorFile> read_tensors(const std::filesystem::path& path);
/// Each in its own type. Errors: io.
[[nodiscard]] Expected<void> write_tensors(const std::filesystem::path& path, const TensorFile& file);

/// The weights a training of the architecture begins with, in float32: those of a file, or random ones by a seed (He's
/// normal distribution; biases 0). A file of segment-mnv2 fits segment-mnv2-entering, too: what is new there gets
/// zeros, which computes the same answers; one of segment-mnv2-entering fits matte-mnv2, whose end is random then.
/// Errors: those of read_tensors, unsupported (architecture), damaged (weights
/// of another architecture).
[[nodiscard]] Expected<TensorMap> initial_weights(const std::string& architecture,
                                                  const std::optional<std::filesystem::path>& from, std::uint64_t seed);

}  // namespace gbrs
