// SPDX-License-Identifier: Apache-2.0
// Models that the user makes of files of weights and of scripts: the half of it that is in libgbrs.

#include <algorithm>
#include <cstdlib>
#include <format>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>

#include "gbrs/script_file.hpp"
#include "gbrs/weights_file.hpp"
#include "models/agreed_scripts.hpp"
#include "models/file_bytes.hpp"
#include "models/importing.hpp"
#include "models/loader.hpp"
#include "models/manifest.hpp"
#include "models/pending_file.hpp"

namespace gbrs {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

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

std::string written(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n'; }

/// As read_manifest() reads it.
Json consistency_json(const ConsistencySettings& settings) {
  Json json{{"to", settings.to == MethodOptions::ConsistencyTo::labels ? "labels" : "probabilities"},
            {"attention", settings.attention == MethodOptions::Attention::disc ? "disc" : "label"}};
  if (settings.weight) json["weight"] = *settings.weight;
  return json;
}

std::string manifest_text(const ImportRequest& request, const ImportOptions& options, const std::string& name,
                          const ImportResult& result) {
  const Profile& profile = result.profile;
  Json json{{"format", 1},
            {"name", name},
            {"task", task_name(profile.task)},
            {"architecture", result.architecture},
            {"license", options.license},
            {"sources", {request.file.filename().string()}},
            {"weights", {{"sha256", result.weights_sha256}}}};
  if (!result.settings.empty()) json["settings"] = result.settings;
  if (!profile.classes.empty()) json["classes"] = profile.classes;
  if (!profile.unit.empty()) json["unit"] = profile.unit;
  json["input"] = {{"long_side", long_side(profile.input, options.long_side)},
                   {"multiple", profile.input.multiple},
                   {"rest", profile.input.rest}};
  json["refinement"] = {
      {"insertion", profile.insertions}, {"scaled", true}, {"top_channels", 0}, {"iterations", profile.iterations}};
  for (const auto& [type, rate] : profile.rates) json["refinement"]["rates"][layer_type_name(type)] = rate;
  if (profile.consistency != ConsistencySettings{}) json["refinement"]["consistency"] = consistency_json(profile.consistency);
  if (!profile.objects.empty()) json["refinement"]["objects"] = profile.objects;
  return written(json);
}

Expected<void> write_file(const fs::path& path, std::span<const std::byte> bytes) {
  PendingFile file(path);
  file.write(bytes);
  return file.finish();
}

/// Where a new model comes to.
Expected<fs::path> free_place(const fs::path& models, const std::string& name) {
  if (auto checked = check_name(name); !checked) return std::unexpected(checked.error());
  std::error_code error;
  if (!fs::exists(models / name, error)) return models / name;
  return failure(ErrorCode::invalid_argument, "There is a model " + name + " already: give another name.");
}

/// Beside that place; no model's name begins so.
fs::path unfinished(const fs::path& place) { return place.parent_path() / ("." + place.filename().string() + ".part"); }

/// Completes a model whose weights are there, and shows it to the world.
Expected<ModelInfo> finish(NewFolder& made, const std::string& manifest, const fs::path& place) {
  const auto written = write_file(made.path() / "manifest.json", std::as_bytes(std::span(manifest)));
  if (!written) return std::unexpected(written.error());
  if (auto read = read_manifest(made.path()); !read) return std::unexpected(read.error());
  if (auto kept = made.keep_as(place); !kept) return std::unexpected(kept.error());
  auto read = read_manifest(place);
  if (!read) return std::unexpected(read.error());
  return read->info;
}

/// A script's manifest as its user wrote it, with what can be filled in; not an object where that is none.
Json completed(std::string_view text, const std::string& name) {
  // no member of a manifest lies deeper, and writing it goes as deep as it does
  const auto is_near = [](int depth, Json::parse_event_t, Json&) { return depth < 8; };
  Json json = Json::parse(text, is_near, /*allow_exceptions=*/false);
  if (!json.is_object()) return json;
  json["name"] = name;
  if (!json.contains("architecture")) json["architecture"] = "script";
  return json;
}

/// The same about a file that is there, instead of one that was to be.
Error naming(const fs::path& file, const fs::path& planned, Error error) {
  if (const auto place = error.message.find(planned.string()); place != std::string::npos)
    error.message.replace(place, planned.string().size(), file.string());
  return error;
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
  if (options.long_side > kMostLongSide)
    return failure(ErrorCode::invalid_argument, std::format("A long side of {} pixels is more than a model's {}.",
                                                            options.long_side, kMostLongSide));
  const auto models = options.folder.empty() ? user_models_folder() : Expected<fs::path>(options.folder);
  if (!models) return std::unexpected(models.error());
  const auto place = free_place(*models, name);
  if (!place) return std::unexpected(place.error());
  const auto importer = load_importer();
  if (!importer) return std::unexpected(importer.error());
  NewFolder made(unfinished(*place));
  if (auto begun = made.make(); !begun) return std::unexpected(begun.error());
  const ImportRequest request{.file = file, .folder = made.path(), .has_half_weights = options.has_half_weights};
  const auto result = (*importer)->import(request);
  if (!result) return std::unexpected(result.error());
  return finish(made, manifest_text(request, options, name, *result), *place);
}

Expected<ModelInfo> add_script(const fs::path& file, const fs::path& manifest_file, const std::string& wanted_name) {
  const std::string name = wanted_name.empty() ? file.stem().string() : wanted_name;
  const auto models = user_models_folder();
  if (!models) return std::unexpected(models.error());
  const auto place = free_place(*models, name);
  if (!place) return std::unexpected(place.error());
  const auto script = read_file_bytes(file);
  if (!script) return std::unexpected(script.error());
  const auto text = read_file_bytes(manifest_file);
  if (!text) return std::unexpected(text.error());
  Json json = completed({reinterpret_cast<const char*>(text->data()), text->size()}, name);
  const bool has_sum = json.is_object() && json.contains("weights");
  if (json.is_object() && !has_sum) json["weights"]["sha256"] = std::string(64, '0');  // until it is known
  const auto manifest = parse_manifest(written(json), *place);
  if (!manifest) return std::unexpected(naming(manifest_file, *place / "manifest.json", manifest.error()));
  if (!is_script(manifest->info))
    return failure(
        ErrorCode::damaged,
        std::format("The model's {} cannot be used: its \"architecture\" is not a script.", manifest_file.string()));
  const auto importer = load_importer();
  if (!importer) return std::unexpected(importer.error());
  const auto sum = (*importer)->try_script(*script, file.string(), *manifest);
  if (!sum) return std::unexpected(sum.error());
  if (has_sum && *sum != manifest->info.weights_sha256)
    return failure(ErrorCode::damaged, std::format("The script {} is not the file that {} names by its SHA-256.",
                                                   file.string(), manifest_file.string()));
  json["weights"]["sha256"] = *sum;
  NewFolder made(unfinished(*place));
  if (auto begun = made.make(); !begun) return std::unexpected(begun.error());
  ModelInfo info = manifest->info;
  info.folder = made.path();
  if (auto copied = write_file(script_path(info), *script); !copied) return std::unexpected(copied.error());
  if (auto agreed = agree_to_script(*sum); !agreed) return std::unexpected(agreed.error());
  return finish(made, written(json), *place);
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
