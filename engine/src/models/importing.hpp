// SPDX-License-Identifier: Apache-2.0
#pragma once

// The half of importing that is in libgbrs-torch, which has the networks.

#include <cstddef>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "gbrs/error.hpp"
#include "models/profiles.hpp"

namespace gbrs {

struct ImportRequest {
  std::filesystem::path file;
  std::filesystem::path folder;  ///< that weights.safetensors is written into
  bool has_half_weights = false;
};

struct ImportResult {
  std::string architecture;
  std::map<std::string, std::string, std::less<>> settings;
  Profile profile;
  std::string weights_sha256;
};

/// Functions of Importer.
inline constexpr std::size_t kImporterCalls = 2;

/// Changes when what crosses the border does.
inline constexpr std::size_t kImporterBorderSize =
    ((sizeof(ImportRequest) * 4096 + sizeof(ImportResult)) * 4096 + sizeof(Manifest)) * 16 + kImporterCalls;

struct Importer {
  std::size_t border_size = kImporterBorderSize;
  Expected<ImportResult> (*import)(const ImportRequest& request);
  /// Runs a TorchScript module on a small picture; its SHA-256. `name` stands for it in messages. Errors: damaged (what
  /// is not as the manifest says).
  Expected<std::string> (*try_script)(std::span<const std::byte> script, std::string_view name,
                                      const Manifest& manifest);
};
/// What libgbrs-torch exports as `gbrs_importer`.
using ImporterFunction = const Importer* (*)();

}  // namespace gbrs
