// SPDX-License-Identifier: Apache-2.0
#pragma once

// A training on disk: one safetensors file with weights, moments, running means and the crops' previous answers; the
// rest (recipe, counters, clicks) is JSON in its metadata. One file, renamed into its place, so that a killed training
// leaves either the old checkpoint or the new one.

#include <filesystem>

#include "training/tensor_files.hpp"
#include "training/training.hpp"

namespace gbrs {

/// Errors: io.
[[nodiscard]] Expected<void> write_checkpoint(const std::filesystem::path& path, const Training& training);

/// A checkpoint that was read.
struct Checkpoint {
  Training::Progress progress;
  TensorMap tensors;   ///< with the names of LearnedWeights::state
  std::string recipe;  ///< Recipe::text of the training

  /// The weights by the network's keys.
  [[nodiscard]] TensorMap weights() const;
};

/// Errors: not_found, io, damaged (cut, foreign), unsupported (of another version).
[[nodiscard]] Expected<Checkpoint> read_checkpoint(const std::filesystem::path& path);

}  // namespace gbrs
