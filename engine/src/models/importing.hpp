// SPDX-License-Identifier: Apache-2.0
#pragma once

// The half of importing that is in libgbrs-torch, which has the networks.

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>

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

inline constexpr std::size_t kImporterBorderSize = sizeof(ImportRequest) * 4096 + sizeof(ImportResult);

struct Importer {
  std::size_t border_size = kImporterBorderSize;
  Expected<ImportResult> (*import)(const ImportRequest& request);
};
/// What libgbrs-torch exports as `gbrs_importer`.
using ImporterFunction = const Importer* (*)();

}  // namespace gbrs
