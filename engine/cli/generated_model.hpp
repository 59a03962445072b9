// SPDX-License-Identifier: Apache-2.0
#pragma once

// A model with generated weights that lives as long as this object: what a network costs does not depend on their
// values.

#include <filesystem>
#include <string>
#include <utility>

#include "gbrs/error.hpp"

namespace gbrs::cli {

class GeneratedModel {
 public:
  /// `network`: the name of a table in data/networks, or a table's path. `long_side` of its frame, in pixels.
  /// Errors: not_found, those of generate_weights and import_model.
  static Expected<GeneratedModel> make(const std::string& network, int long_side);
  GeneratedModel(GeneratedModel&& other) noexcept : folder_(std::exchange(other.folder_, {})) {}
  GeneratedModel& operator=(GeneratedModel&&) = delete;
  ~GeneratedModel();

  /// Where the model is.
  [[nodiscard]] std::string path() const { return (folder_ / kName).string(); }

 private:
  static constexpr const char* kName = "generated";
  explicit GeneratedModel(std::filesystem::path folder) : folder_(std::move(folder)) {}

  std::filesystem::path folder_;
};

}  // namespace gbrs::cli
