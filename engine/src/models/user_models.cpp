// SPDX-License-Identifier: Apache-2.0
// Models that the user makes of files of weights: the half of importing that is in libgbrs.

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

#include "gbrs/weights_file.hpp"
#include "models/importing.hpp"
#include "models/loader.hpp"
#include "models/manifest.hpp"

namespace gbrs {
namespace {

namespace fs = std::filesystem;

/// A folder that goes away again unless it is wanted.
class NewFolder {
 public:
  explicit NewFolder(fs::path path) : path_(std::move(path)) {}
  NewFolder(const NewFolder&) = delete;
  NewFolder& operator=(const NewFolder&) = delete;
  ~NewFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  Expected<void> make() const {
    std::error_code error;
    fs::remove_all(path_, error);
    fs::create_directories(path_, error);
    if (error) return failure(ErrorCode::io, "The folder " + path_.string() + " cannot be made.", error.message());
    return {};
  }
  Expected<void> keep_as(const fs::path& name) {
    std::error_code error;
    fs::rename(path_, name, error);
    if (error) return failure(ErrorCode::io, "The model cannot be written to " + name.string() + ".", error.message());
    path_.clear();
    return {};
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

bool is_folder_name(std::string_view name) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  };
  return !name.empty() && name.size() <= 100 && name.front() != '.' && std::ranges::all_of(name, is_plain);
}

Expected<void> check_name(std::string_view name) {
  if (is_folder_name(name)) return {};
  return failure(ErrorCode::invalid_argument,
                 "A model's name has letters, digits, '-', '_' and '.' only: give another one than \"" +
                     std::string(name) + "\".");
}

/// The nearest that the network takes to what is wanted.
int long_side(const InputSettings& usual, int wanted) {
  if (wanted <= 0) return usual.long_side;
  const int steps = (wanted - usual.rest + usual.multiple / 2) / usual.multiple;
  return std::max(steps, 2) * usual.multiple + usual.rest;
}

std::string manifest_text(const ImportRequest& request, const ImportOptions& options, const std::string& name,
                          const ImportResult& result) {
  const Profile& profile = result.profile;
  nlohmann::ordered_json json{{"format", 1},
                              {"name", name},
                              {"task", task_name(profile.task)},
                              {"architecture", result.architecture},
                              {"license", options.license},
                              {"sources", {request.file.filename().string()}},
                              {"weights", {{"sha256", result.weights_sha256}}}};
  if (!result.settings.empty()) json["settings"] = result.settings;
  if (!profile.classes.empty()) json["classes"] = profile.classes;
  if (!profile.unit.empty()) json["unit"] = profile.unit;
  json["input"] = {
      {"long_side", long_side(profile.input, options.long_side)}, {"multiple", profile.input.multiple}, {"rest", profile.input.rest}};
  json["refinement"] = {{"insertion", profile.insertions}, {"scaled", true}, {"top_channels", 0}};
  for (const auto& [type, rate] : profile.rates) json["refinement"]["rates"][layer_type_name(type)] = rate;
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

Expected<void> write_manifest(const fs::path& folder, const std::string& text) {
  std::ofstream stream(folder / "manifest.json", std::ios::binary);
  stream << text;
  stream.close();
  if (stream) return {};
  return failure(ErrorCode::io, "The manifest of the model cannot be written to " + folder.string() + ".");
}

Expected<const Importer*> load_importer() {
  prepare_environment();
  const auto symbol = backend_symbol("gbrs_importer");
  if (!symbol) return std::unexpected(symbol.error());
  const Importer* const importer = reinterpret_cast<ImporterFunction>(*symbol)();
  if (importer->border_size == kImporterBorderSize) return importer;
  return failure(ErrorCode::unavailable, "The computing library is older than the program: install both anew.");
}

}  // namespace

Expected<fs::path> user_models_folder() {
  // a relative one means nothing (XDG Base Directory Specification), least of all a place that code is run from
  const char* const data_home = std::getenv("XDG_DATA_HOME");
  if (data_home != nullptr && *data_home == '/') return fs::path(data_home) / "gbrs/models";
  const char* const home = std::getenv("HOME");
  if (home != nullptr && *home == '/') return fs::path(home) / ".local/share/gbrs/models";
  return failure(ErrorCode::not_found, "There is no folder for models: set HOME or XDG_DATA_HOME.");
}

Expected<ModelInfo> import_model(const fs::path& file, const ImportOptions& options) {
  const std::string name = options.name.empty() ? file.stem().string() : options.name;
  if (auto checked = check_name(name); !checked) return std::unexpected(checked.error());
  const auto models = options.folder.empty() ? user_models_folder() : Expected<fs::path>(options.folder);
  if (!models) return std::unexpected(models.error());
  const fs::path folder = *models / name;
  std::error_code error;
  if (fs::exists(folder, error))
    return failure(ErrorCode::invalid_argument, "There is a model " + name + " already: give another name.");
  const auto importer = load_importer();
  if (!importer) return std::unexpected(importer.error());
  NewFolder made(*models / ("." + name + ".part"));  // no model's name begins so
  if (auto begun = made.make(); !begun) return std::unexpected(begun.error());
  const ImportRequest request{.file = file, .folder = made.path(), .has_half_weights = options.has_half_weights};
  const auto result = (*importer)->import(request);
  if (!result) return std::unexpected(result.error());
  if (auto written = write_manifest(made.path(), manifest_text(request, options, name, *result)); !written)
    return std::unexpected(written.error());
  if (auto read = read_manifest(made.path()); !read) return std::unexpected(read.error());
  if (auto kept = made.keep_as(folder); !kept) return std::unexpected(kept.error());
  auto manifest = read_manifest(folder);
  if (!manifest) return std::unexpected(manifest.error());
  return manifest->info;
}

Expected<void> remove_model(std::string_view name) {
  if (auto checked = check_name(name); !checked) return checked;
  const auto folder = user_models_folder();
  if (!folder) return std::unexpected(folder.error());
  const fs::path path = *folder / name;
  std::error_code error;
  if (!fs::is_regular_file(path / "manifest.json", error))
    return failure(ErrorCode::not_found, "There is no model " + std::string(name) + " in " + folder->string() + ".");
  fs::remove_all(path, error);
  if (error) return failure(ErrorCode::io, "The model " + std::string(name) + " cannot be removed.", error.message());
  return {};
}

}  // namespace gbrs
