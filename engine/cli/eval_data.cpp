// SPDX-License-Identifier: Apache-2.0
#include "eval_data.hpp"

#include <algorithm>
#include <format>
#include <set>
#include <span>
#include <sstream>
#include <string_view>
#include <system_error>

#include "evaluation/published_sets.hpp"
#include "mat_file.hpp"
#include "whole_file.hpp"

namespace gbrs::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDescription = "dataset.json";
constexpr std::string_view kImageExtensions[] = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".bmp"};
constexpr std::string_view kMaskExtensions[] = {".png", ".tif", ".tiff", ".bmp", ".mat"};  // exact codes

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

struct Listing {
  std::vector<std::string> names;  ///< below the folder
  std::error_code error;
};

/// Adds the files directly in `folder` / `below` that have one of the extensions and are called as `pattern` says.
void add_files(const fs::path& folder, const fs::path& below, std::span<const std::string_view> extensions,
               std::string_view pattern, Listing& listing) {
  for (fs::directory_iterator entry(folder / below, listing.error), end; !listing.error && entry != end;
       entry.increment(listing.error)) {
    const std::string file = entry->path().filename().string(), name = (below / file).string();
    const bool is_wanted = std::ranges::contains(extensions, lower(entry->path().extension().string()));
    if (is_wanted && !file.starts_with('.') && !entry->is_directory() && name_in(pattern, name))
      listing.names.push_back(name);
  }
}

/// Names of the files in `folder`, or its sub-folders, with one of the extensions that are called as `pattern` says.
Expected<std::vector<std::string>> list(const fs::path& folder, std::span<const std::string_view> extensions,
                                        std::string_view pattern, std::string_view what) {
  Listing listing;
  if (!fs::is_directory(folder, listing.error))
    return failure(ErrorCode::not_found, std::format("There is no folder {} with {}.", folder.string(), what));
  if (!is_in_subfolders(pattern)) {
    add_files(folder, {}, extensions, pattern, listing);
  } else {
    for (fs::directory_iterator entry(folder, listing.error), end; !listing.error && entry != end;
         entry.increment(listing.error))
      if (entry->is_directory()) add_files(folder, entry->path().filename(), extensions, pattern, listing);
  }
  if (listing.error)
    return failure(ErrorCode::io,
                   std::format("The folder {} cannot be read: {}.", folder.string(), listing.error.message()));
  if (listing.names.empty())
    return failure(ErrorCode::not_found, std::format("The folder {} has no {}.", folder.string(), what));
  return std::move(listing.names);
}

bool has_description(const DataOptions& options) {
  return options.images || options.object || options.ignore || options.objects;
}

Expected<SegmentDataset> dataset_of_options(const DataOptions& options) {
  if (!options.object)
    return failure(ErrorCode::invalid_argument,
                   std::format("The folder {} has no dataset.json and is not laid out as {}: say with --object which "
                               "code of the masks is the object.",
                               options.folder, published_names(Task::segment)));
  if (options.objects && *options.objects != kSeveralObjects)
    return failure(ErrorCode::invalid_argument,
                   std::format("--objects can only be \"{}\", or be left out.", kSeveralObjects));
  SegmentDataset dataset;
  dataset.files.images = options.images.value_or(dataset.files.images);
  dataset.codes = {.object = *options.object, .ignore = options.ignore};
  dataset.has_several_objects = options.objects.has_value();
  return check_dataset(std::move(dataset));
}

Expected<void> describe(EvalData& data, const DataOptions& options) {
  const auto description = describe_folder(data.folder, Task::segment);
  if (!description) return std::unexpected(description.error());
  const bool is_told = has_description(options);
  if (is_told && *description && (*description)->layout.empty())
    return failure(ErrorCode::invalid_argument,
                   std::format("{} says what the folder is: leave out --images, --object, --ignore and --objects.",
                               (data.folder / kDescription).string()));
  const bool is_described = *description && !is_told;
  auto dataset = is_described ? parse_dataset((*description)->text) : dataset_of_options(options);
  if (!dataset && is_described)
    dataset.error().message = std::format("{}: {}", data.folder.string(), dataset.error().message);
  if (!dataset) return std::unexpected(dataset.error());
  data.dataset = std::move(*dataset);
  if (is_described) data.layout = (*description)->layout;
  return {};
}

/// What a list leaves of the files of a pattern.
void keep_listed(std::vector<std::string>& files, std::string_view pattern, const std::set<std::string>& names) {
  std::erase_if(files, [&](const std::string& file) { return !names.contains(name_in(pattern, file).value_or("")); });
}

Expected<std::set<std::string>> read_list(const fs::path& path) {
  const auto text = read_text(path.string());
  if (!text) return std::unexpected(text.error());
  std::set<std::string> names;
  std::istringstream words(*text);
  for (std::string name; words >> name;) names.insert(name);
  return names;
}

Expected<CodeFile> read_mask_of(const EvalData& data, const ObjectFiles& files) {
  const std::string path = (data.folder / data.dataset.files.truths / files.mask).string();
  return lower_extension(path) == ".mat" ? read_instances(path) : read_codes(path, data.dataset.is_coloured);
}

/// Makes an object of each code of a mask.
void tell_objects_apart(EvalData& data) {
  std::vector<ObjectFiles> objects;
  for (const ObjectFiles& files : data.objects) {
    const auto mask = read_mask_of(data, files);
    if (!mask) {
      data.skipped.push_back(left_out(files.mask, mask.error()));
      continue;
    }
    std::set<int> codes(mask->codes.begin(), mask->codes.end());
    codes.erase(0);
    codes.erase(data.dataset.codes.ignore.value_or(0));
    for (const int code : codes)
      objects.push_back(
          {.object = std::format("{}_{}", files.object, code), .image = files.image, .mask = files.mask, .code = code});
  }
  data.objects = std::move(objects);
}

}  // namespace

Skipped left_out(std::string name, const Error& error) {
  std::string reason = error.message;
  if (reason.ends_with('.')) reason.pop_back();
  return {.name = std::move(name), .reason = std::move(reason)};
}

Expected<std::optional<FolderDescription>> describe_folder(const fs::path& folder, Task task) {
  std::error_code error;
  const fs::path file = folder / kDescription;
  if (fs::exists(file, error)) {
    auto text = read_text(file.string());
    if (!text) return std::unexpected(text.error());
    return FolderDescription{.text = std::move(*text), .layout = {}};
  }
  const PublishedSet* set = find_published_set(folder, task);
  if (set == nullptr) return std::nullopt;
  return FolderDescription{.text = set->description, .layout = set->name};
}

Expected<Pairing> find_pairs(const fs::path& folder, const DatasetFiles& files, std::string_view what,
                             bool has_several_objects) {
  auto images = list(folder / files.images, kImageExtensions, files.image_name, "images");
  if (!images) return std::unexpected(images.error());
  auto truths = list(folder / files.truths, kMaskExtensions, files.truth_name,
                     std::format("{} (.png, .tif, .bmp, .mat)", fs::path(files.truths).filename().string()));
  if (!truths) return std::unexpected(truths.error());
  if (!files.list.empty()) {
    const auto names = read_list(folder / files.list);
    if (!names) return std::unexpected(names.error());
    keep_listed(*images, files.image_name, *names);
    keep_listed(*truths, files.truth_name, *names);
    if (images->empty() && truths->empty())
      return failure(ErrorCode::not_found,
                     std::format("In {} there is nothing that {} lists.", folder.string(), files.list));
  }
  auto pairing = pair_files(std::move(*images), std::move(*truths), files, has_several_objects, what);
  if (pairing.objects.empty())
    return failure(ErrorCode::not_found, std::format("In {} no {} belongs to an image: {}: {}.", folder.string(), what,
                                                     pairing.skipped.front().name, pairing.skipped.front().reason));
  return pairing;
}

Expected<fs::path> data_folder(const std::string& name) {
  std::error_code error;
  fs::path folder = fs::canonical(name, error);
  if (error || !fs::is_directory(folder, error))
    return failure(ErrorCode::not_found, std::format("There is no folder {}.", name));
  return folder;
}

Expected<EvalData> find_data(const DataOptions& options) {
  auto folder = data_folder(options.folder);
  if (!folder) return std::unexpected(folder.error());
  EvalData data{.folder = std::move(*folder), .layout = {}, .dataset = {}, .objects = {}, .skipped = {}};
  if (auto described = describe(data, options); !described) return std::unexpected(described.error());
  auto pairing = find_pairs(data.folder, data.dataset.files, "mask", data.dataset.has_several_objects);
  if (!pairing) return std::unexpected(pairing.error());
  data.objects = std::move(pairing->objects);
  data.skipped = std::move(pairing->skipped);
  if (data.dataset.is_every_code_object) tell_objects_apart(data);
  if (data.objects.empty())
    return failure(ErrorCode::damaged, std::format("No mask in {} has an object.", data.folder.string()),
                   data.skipped.empty() ? "" : data.skipped.front().reason);
  return data;
}

Expected<LoadedObject> load_object(const EvalData& data, const ObjectFiles& files) {
  const auto codes = read_mask_of(data, files);
  if (!codes) return std::unexpected(codes.error());
  auto picture = read_picture((data.folder / data.dataset.files.images / files.image).string());
  if (!picture) return std::unexpected(picture.error());
  if (codes->width != picture->width || codes->height != picture->height)
    return failure(ErrorCode::damaged, std::format("The mask {} has {} x {} pixels, its image {} x {}.", files.mask,
                                                   codes->width, codes->height, picture->width, picture->height));
  MaskCodes meaning = data.dataset.codes;
  meaning.object = files.code.value_or(meaning.object);
  LoadedObject object{.picture = std::move(*picture),
                      .truth = truth_from_codes(codes->codes, codes->width, codes->height, meaning)};
  if (!object.truth.has_object())
    return failure(ErrorCode::damaged,
                   std::format("The object's code {} does not occur in the mask {}.", meaning.object, files.mask));
  return object;
}

}  // namespace gbrs::cli
