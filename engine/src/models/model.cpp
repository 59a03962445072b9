// SPDX-License-Identifier: Apache-2.0
#include "gbrs/model.hpp"

#include <algorithm>
#include <cstdlib>
#include <format>
#include <utility>

#include "gbrs/script_file.hpp"
#include "gbrs/task.hpp"
#include "gbrs/weights_file.hpp"
#include "models/agreed_scripts.hpp"
#include "models/loader.hpp"
#include "models/model_state.hpp"
#include "models/names.hpp"

namespace gbrs {
namespace {

namespace fs = std::filesystem;

constexpr Names<LayerType, 6> kLayerNames{{
    {LayerType::none, "none"},
    {LayerType::sb, "sb"},
    {LayerType::bmsb, "bmsb"},
    {LayerType::bmsbm, "bmsb-m"},
    {LayerType::bmconv, "bmconv"},
    {LayerType::rgb, "rgb"},
}};
constexpr Names<Task, 4> kTaskNames{{
    {Task::segment, "segment"},
    {Task::semantic, "semantic"},
    {Task::matte, "matte"},
    {Task::depth, "depth"},
}};
constexpr Names<Device, 3> kDeviceNames{{
    {Device::automatic, "auto"},
    {Device::cpu, "cpu"},
    {Device::cuda, "cuda"},
}};

/// The folders whose subfolders are models, in the order of precedence.
std::vector<fs::path> model_folders() {
  std::vector<fs::path> folders;
  if (const char* list = std::getenv("GBRS_MODELS")) {
    for (std::string_view rest = list; !rest.empty();) {
      const auto colon = std::min(rest.find(':'), rest.size());
      if (colon > 0) folders.emplace_back(rest.substr(0, colon));
      rest.remove_prefix(std::min(colon + 1, rest.size()));
    }
  }
  if (const auto own = user_models_folder()) folders.push_back(*own);
  const auto library = library_folder();
  folders.push_back(library / "gbrs/models");
  folders.push_back((library / "../share/gbrs/models").lexically_normal());
  folders.emplace_back(GBRS_MODELS_DIR);
  return folders;
}

Expected<fs::path> find_folder(std::string_view name) {
  std::error_code ignored;
  if (name.find('/') != std::string_view::npos) return fs::path(name);
  std::string places;
  for (const auto& folder : model_folders()) {
    if (!name.empty() && fs::exists(folder / name / "manifest.json", ignored)) return folder / name;
    if (places.find(folder.string()) == std::string::npos) places += (places.empty() ? "" : ", ") + folder.string();
  }
  return failure(ErrorCode::not_found, std::format("There is no model \"{}\"; looked in {}.", name, places));
}

bool is_own(const fs::path& folder) {
  const auto own = user_models_folder();
  std::error_code error;
  const fs::path place = fs::canonical(folder, error).parent_path();
  return !error && own && fs::equivalent(place, *own, error);
}

/// The manifest of a model that may be used. A name can come from an image, a script of GIMP's or another program, a
/// folder from anywhere: a network that is a program of its own is run from one place only, and only where its user has
/// agreed to the file that the manifest there knows by its SHA-256.
Expected<Manifest> read_usable(const fs::path& folder) {
  auto manifest = read_manifest(folder);
  if (!manifest || !is_script(manifest->info)) return manifest;
  if (is_own(folder) && is_agreed_script(manifest->info.weights_sha256)) return manifest;
  const auto own = user_models_folder();
  return failure(
      ErrorCode::unsupported,
      std::format("The model in {} is a script, which runs code: only those that `gbrs models add-script` has "
                  "put into {} are used.",
                  folder.string(), own ? own->string() : "your own models"));
}

}  // namespace

Expected<LayerType> parse_layer_type(std::string_view name) { return parse_name(kLayerNames, name, "layer type"); }
std::string_view layer_type_name(LayerType type) { return name_of(kLayerNames, type); }
Expected<Task> parse_task(std::string_view name) { return parse_name(kTaskNames, name, "task"); }
std::string_view task_name(Task task) { return name_of(kTaskNames, task); }
Expected<Device> parse_device(std::string_view name) { return parse_name(kDeviceNames, name, "device"); }
std::string_view device_name(Device device) { return name_of(kDeviceNames, device); }

Expected<void> Model::State::ensure_loaded() {
  if (network) return {};
  const auto backend = load_backend();
  if (!backend) return std::unexpected(backend.error());
  auto loaded = (*backend)->load(manifest, options);
  if (!loaded) return std::unexpected(loaded.error());
  network = std::move(*loaded);
  const std::lock_guard lock(mutex);
  device = network->device();
  notice = network->notice();
  return {};
}

Expected<void> Model::State::ensure_objects() {
  if (objects) return {};
  const std::string& named = manifest.refinement.objects;
  auto opened = Model::open(named.empty() ? kObjectModel : named, options);
  if (!opened) return std::unexpected(std::move(opened.error()));
  if (opened->state_->manifest.task != Task::segment)
    return failure(ErrorCode::unsupported, std::format("The model {}, which {} asks about objects, finds none.",
                                                       opened->info().name, manifest.info.name));
  objects = std::move(opened->state_);
  return {};
}

Expected<Model> Model::open(std::string_view name_or_folder, ModelOptions options) {
  prepare_environment();
  const auto folder = find_folder(name_or_folder);
  if (!folder) return std::unexpected(folder.error());
  auto manifest = read_usable(*folder);
  if (!manifest) return std::unexpected(manifest.error());
  Model model;
  model.state_ = std::make_shared<State>();
  model.state_->manifest = std::move(*manifest);
  model.state_->options = options;
  return model;
}

Expected<void> Model::load() const {
  const std::lock_guard lock(state_->calls);
  return state_->ensure_loaded();
}

Expected<double> Model::matrix_gflops() const {
  const std::lock_guard lock(state_->calls);
  if (const auto loaded = state_->ensure_loaded(); !loaded) return std::unexpected(loaded.error());
  return state_->network->matrix_gflops();
}

const ModelInfo& Model::info() const { return state_->manifest.info; }

std::string Model::device() const {
  const std::lock_guard lock(state_->mutex);
  return state_->device;
}

std::string Model::notice() const {
  const std::lock_guard lock(state_->mutex);
  return state_->notice;
}

std::vector<ModelInfo> list_models() {
  std::vector<ModelInfo> models;
  for (const auto& folder : model_folders()) {
    std::vector<ModelInfo> here;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
      if (entry->path().filename().string().front() != '.')  // one that is being made
        if (const auto manifest = read_usable(entry->path())) here.push_back(manifest->info);
    std::ranges::sort(here, {}, &ModelInfo::name);
    for (auto& info : here)
      if (!std::ranges::contains(models, info.name, &ModelInfo::name)) models.push_back(std::move(info));
  }
  return models;
}

}  // namespace gbrs
