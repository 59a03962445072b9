// SPDX-License-Identifier: Apache-2.0
#pragma once

// Files of weights: what is in them, and how they become models.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "gbrs/error.hpp"
#include "gbrs/export.hpp"
#include "gbrs/model.hpp"

namespace gbrs {

struct WeightsTensor {
  std::string name;
  std::string dtype;                ///< "float32", "bfloat16", "int64", "bool" … as PyTorch names them
  std::vector<std::int64_t> shape;
  double sum = 0;                   ///< of its values
};

/// The tensors of a safetensors file or a PyTorch checkpoint (either container), in the file's order. Nothing of a
/// checkpoint is run. Errors: not_found, io, damaged, unsupported; the sentence names the file and the cause.
GBRS_API Expected<std::vector<WeightsTensor>> inspect_weights(const std::filesystem::path& path);

struct ImportOptions {
  std::string name = {};               ///< of the model; empty: the file's name without its extension
  std::filesystem::path folder = {};   ///< that the model's folder comes into; empty: the user's own models
  std::string license = "unknown";
  bool has_half_weights = false;       ///< 16-bit floats: half the size
  int long_side = 0;                   ///< of the pictures that the network sees, at most 4096; 0: the usual
};

/// Makes a model of a file of weights: finds out by its keys which network it belongs to, loads it strictly, and writes
/// weights and a manifest with that network's usual settings. No model is left behind where it fails.
/// Errors: those of inspect_weights; unsupported (no known network), damaged (a key is missing, left over or misshaped:
/// the sentence names it), invalid_argument (the name is no folder's name, or taken), io.
GBRS_API Expected<ModelInfo> import_model(const std::filesystem::path& file, const ImportOptions& options = {});

/// Writes weights for a network that there are none of, to find out how fast it is: random numbers under the names and in
/// the shapes of a table (a heading, then lines NAME, tab, SIZES with commas between; further columns do not matter).
/// The same table gives the same bytes. Errors: not_found, damaged (names the line), out_of_memory, io.
GBRS_API Expected<void> generate_weights(const std::filesystem::path& table, const std::filesystem::path& file);

/// Removes a model from the user's own models. Errors: not_found (there is none of this name), io.
GBRS_API Expected<void> remove_model(std::string_view name);

/// $XDG_DATA_HOME/gbrs/models or ~/.local/share/gbrs/models. Errors: not_found (neither variable is an absolute path).
GBRS_API Expected<std::filesystem::path> user_models_folder();

}  // namespace gbrs
