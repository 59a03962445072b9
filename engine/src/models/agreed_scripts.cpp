// SPDX-License-Identifier: Apache-2.0
#include "models/agreed_scripts.hpp"

#include <fstream>
#include <string>

#include "gbrs/weights_file.hpp"

namespace gbrs {
namespace {

Expected<std::filesystem::path> list_of_scripts() {
  const auto models = user_models_folder();
  if (!models) return std::unexpected(models.error());
  return models->parent_path() / "scripts.agreed";
}

}  // namespace

Expected<void> agree_to_script(std::string_view sha256) {
  if (is_agreed_script(sha256)) return {};
  const auto path = list_of_scripts();
  if (!path) return std::unexpected(path.error());
  std::ofstream stream(*path, std::ios::app);
  stream << sha256 << '\n';
  stream.close();
  if (stream) return {};
  return failure(ErrorCode::io, "The file " + path->string() + " cannot be written.");
}

bool is_agreed_script(std::string_view sha256) {
  const auto path = list_of_scripts();
  if (!path) return false;
  std::ifstream stream(*path);
  for (std::string line; std::getline(stream, line);)
    if (line == sha256) return true;
  return false;
}

}  // namespace gbrs
