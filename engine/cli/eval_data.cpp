// SPDX-License-Identifier: Apache-2.0
#include "eval_data.hpp"

#include <algorithm>
#include <array>
#include <format>
#include <string_view>

#include "whole_file.hpp"

namespace gbrs::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 6> kImageExtensions{".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp"};
constexpr std::array<std::string_view, 3> kMaskExtensions{".png", ".tif", ".tiff"};  // exact codes

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

/// Names of the files in `folder` with one of the extensions.
template <std::size_t N>
Expected<std::vector<std::string>> list(const fs::path& folder, const std::array<std::string_view, N>& extensions,
                                        std::string_view what) {
  std::error_code error;
  if (!fs::is_directory(folder, error))
    return failure(ErrorCode::not_found, std::format("There is no folder {} with {}.", folder.string(), what));
  std::vector<std::string> names;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    const bool is_wanted = std::ranges::contains(extensions, lower(entry->path().extension().string()));
    if (is_wanted && !name.starts_with('.') && !entry->is_directory()) names.push_back(name);
  }
  if (error)
    return failure(ErrorCode::io, std::format("The folder {} cannot be read: {}.", folder.string(), error.message()));
  if (names.empty())
    return failure(ErrorCode::not_found, std::format("The folder {} has no {}.", folder.string(), what));
  return names;
}

bool has_description(const DataOptions& options) {
  return options.images || options.object || options.ignore || options.objects;
}

Expected<SegmentDataset> dataset_of_options(const DataOptions& options) {
  if (!options.object)
    return failure(
        ErrorCode::invalid_argument,
        std::format("The folder {} has no dataset.json: say with --object which code of the masks is the object.",
                    options.folder));
  if (options.objects && *options.objects != kSeveralObjects)
    return failure(ErrorCode::invalid_argument,
                   std::format("--objects can only be \"{}\", or be left out.", kSeveralObjects));
  return check_dataset({.images = options.images.value_or("images"),
                        .codes = {.object = *options.object, .ignore = options.ignore},
                        .has_several_objects = options.objects.has_value()});
}

Expected<SegmentDataset> describe(const fs::path& folder, const DataOptions& options) {
  std::error_code error;
  const fs::path file = folder / "dataset.json";
  if (!fs::exists(file, error)) return dataset_of_options(options);
  if (has_description(options))
    return failure(ErrorCode::invalid_argument,
                   std::format("{} says what the folder is: leave out --images, --object, --ignore and --objects.",
                               file.string()));
  const auto text = read_text(file.string());
  if (!text) return std::unexpected(text.error());
  auto dataset = parse_dataset(*text);
  if (!dataset) dataset.error().message = std::format("{}: {}", folder.string(), dataset.error().message);
  return dataset;
}

}  // namespace

Expected<Pairing> find_pairs(const fs::path& folder, const std::string& images, const std::string& truths,
                             std::string_view what, bool has_several_objects) {
  auto image_files = list(folder / images, kImageExtensions, "images");
  if (!image_files) return std::unexpected(image_files.error());
  auto truth_files = list(folder / truths, kMaskExtensions, std::format("{} (.png, .tif)", truths));
  if (!truth_files) return std::unexpected(truth_files.error());
  auto pairing = pair_files(std::move(*image_files), std::move(*truth_files), has_several_objects, what);
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
  EvalData data{.folder = std::move(*folder), .dataset = {}, .objects = {}, .skipped = {}};
  auto dataset = describe(data.folder, options);
  if (!dataset) return std::unexpected(dataset.error());
  data.dataset = std::move(*dataset);
  auto pairing = find_pairs(data.folder, data.dataset.images, "masks", "mask", data.dataset.has_several_objects);
  if (!pairing) return std::unexpected(pairing.error());
  data.objects = std::move(pairing->objects);
  data.skipped = std::move(pairing->skipped);
  return data;
}

Expected<LoadedObject> load_object(const EvalData& data, const ObjectFiles& files) {
  const auto codes = read_codes((data.folder / "masks" / files.mask).string());
  if (!codes) return std::unexpected(codes.error());
  auto picture = read_picture((data.folder / data.dataset.images / files.image).string());
  if (!picture) return std::unexpected(picture.error());
  if (codes->width != picture->width || codes->height != picture->height)
    return failure(ErrorCode::damaged, std::format("The mask {} has {} x {} pixels, its image {} x {}.", files.mask,
                                                   codes->width, codes->height, picture->width, picture->height));
  LoadedObject object{.picture = std::move(*picture),
                      .truth = truth_from_codes(codes->codes, codes->width, codes->height, data.dataset.codes)};
  if (!object.truth.has_object())
    return failure(ErrorCode::damaged, std::format("The object's code {} does not occur in the mask {}.",
                                                   data.dataset.codes.object, files.mask));
  return object;
}

}  // namespace gbrs::cli
