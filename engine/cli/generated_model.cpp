// SPDX-License-Identifier: Apache-2.0
#include "generated_model.hpp"

#include <cstdlib>
#include <format>
#include <utility>
#include <vector>

#include "gbrs/weights_file.hpp"

namespace gbrs::cli {
namespace {

namespace fs = std::filesystem;

/// Beside the program, as it is installed or in the source tree.
std::vector<fs::path> table_folders() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error).parent_path();
  return {program / "../share/gbrs/networks", program / "../../../data/networks"};
}

Expected<fs::path> find_table(const std::string& network) {
  std::error_code error;
  if (network.find('/') != std::string::npos) return fs::path(network);
  std::string known;
  for (const fs::path& folder : table_folders()) {
    if (const fs::path table = folder / (network + ".tsv"); fs::exists(table, error)) return table;
    if (!known.empty() || !fs::is_directory(folder, error)) continue;
    for (const auto& entry : fs::directory_iterator(folder, error))
      if (entry.path().extension() == ".tsv") known += (known.empty() ? "" : ", ") + entry.path().stem().string();
  }
  return failure(ErrorCode::not_found, std::format("There is no table of the network \"{}\"; known are {}.", network,
                                                   known.empty() ? "none" : known));
}

}  // namespace

Expected<GeneratedModel> GeneratedModel::make(const std::string& network, int long_side) {
  const auto table = find_table(network);
  if (!table) return std::unexpected(table.error());
  std::error_code error;
  const fs::path place = fs::temp_directory_path(error);
  if (error) return failure(ErrorCode::io, std::format("There is no folder for temporary files: {}.", error.message()));
  std::string name = (place / "gbrs-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr)
    return failure(ErrorCode::io, std::format("No folder can be made in {}.", place.string()));
  GeneratedModel model{fs::path(name)};
  const fs::path weights = model.folder_ / "weights.safetensors";
  if (auto generated = generate_weights(*table, weights); !generated) return std::unexpected(generated.error());
  const auto info = import_model(weights, {.name = kName, .folder = model.folder_, .long_side = long_side});
  if (!info) return std::unexpected(info.error());
  fs::remove(weights, error);
  return model;
}

GeneratedModel::~GeneratedModel() {
  std::error_code ignored;
  if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

}  // namespace gbrs::cli
