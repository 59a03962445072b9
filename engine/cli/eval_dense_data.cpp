// SPDX-License-Identifier: Apache-2.0
#include "eval_dense_data.hpp"

#include <algorithm>
#include <format>
#include <string_view>

#include "depth_file.hpp"
#include "eval_data.hpp"
#include "evaluation/dense_dataset.hpp"
#include "evaluation/published_sets.hpp"
#include "label_file.hpp"
#include "picture_file.hpp"
#include "vips_image.hpp"
#include "whole_file.hpp"

namespace gbrs::cli {
namespace {

namespace fs = std::filesystem;

Expected<DenseData> begin_data(const std::string& name, Task task) {
  auto folder = data_folder(name);
  if (!folder) return std::unexpected(folder.error());
  auto description = describe_folder(*folder, task);
  if (!description) return std::unexpected(description.error());
  if (!*description)
    return failure(ErrorCode::not_found, std::format("The folder {} has no dataset.json and is not laid out as {}.",
                                                     name, published_names(task)));
  DenseData data;
  data.folder = std::move(*folder);
  data.description = std::move((*description)->text);
  data.layout = std::move((*description)->layout);
  return data;
}

Expected<void> find_files(DenseData& data, DatasetFiles files, std::string_view what) {
  data.files = std::move(files);
  auto pairing = find_pairs(data.folder, data.files, what);
  if (!pairing) return std::unexpected(pairing.error());
  data.objects = std::move(pairing->objects);
  data.skipped = std::move(pairing->skipped);
  return {};
}

Error with_folder(Error error, const DenseData& data) {
  error.message = std::format("{}: {}", data.folder.string(), error.message);
  return error;
}

Expected<void> check_size(const std::string& path, int width, int height, int image_width, int image_height) {
  if (width == image_width && height == image_height) return {};
  return failure(ErrorCode::damaged, std::format("The file {} has {} x {} pixels, its image {} x {}.", path, width,
                                                 height, image_width, image_height));
}

Expected<std::unique_ptr<DenseTruth>> unless_empty(std::unique_ptr<DenseTruth> truth, const std::string& path) {
  if (truth) return truth;
  return failure(ErrorCode::damaged, std::format("No pixel of the file {} counts.", path));
}

Expected<std::unique_ptr<DenseTruth>> read_semantic(const SemanticDataset& dataset, const ClassMatch& match,
                                                    const std::string& path, int width, int height) {
  const auto ids = read_labels(path);
  if (!ids) return std::unexpected(ids.error());
  if (auto checked = check_size(path, ids->width, ids->height, width, height); !checked)
    return std::unexpected(checked.error());
  std::vector<int> labels;
  labels.reserve(ids->values.size());
  for (const std::uint8_t id : ids->values) {
    const auto label = dataset.class_of(id);
    if (!label)
      return failure(ErrorCode::damaged, std::format("The label map {} has the id {}, which is no class.", path, id));
    labels.push_back(*label);
  }
  return unless_empty(semantic_truth(std::move(labels), width, height, match), path);
}

Expected<std::unique_ptr<DenseTruth>> read_depths(const DepthDataset& dataset, const std::string& path, int width,
                                                  int height) {
  const auto image = open_image(path);
  if (!image) return std::unexpected(image.error());
  if ((*image)->BandFmt != VIPS_FORMAT_USHORT)
    return failure(ErrorCode::damaged, std::format("The depth map {} does not have 16 bits a pixel.", path));
  auto depths = read_depth(path, true);
  if (!depths) return std::unexpected(depths.error());
  if (auto checked = check_size(path, depths->width, depths->height, width, height); !checked)
    return std::unexpected(checked.error());
  const Rectangle box = dataset.crop.value_or(Rectangle{0, 0, width, height});
  if (box.x + box.width > width || box.y + box.height > height)
    return failure(ErrorCode::damaged, std::format("The crop of dataset.json reaches beyond the depth map {}.", path));
  return unless_empty(depth_truth(std::move(*depths), dataset.range, box), path);
}

Expected<std::vector<std::uint8_t>> read_codes_of(const std::string& path, bool is_coloured, int width, int height) {
  auto file = read_codes(path, is_coloured);
  if (!file) return std::unexpected(file.error());
  if (auto checked = check_size(path, file->width, file->height, width, height); !checked)
    return std::unexpected(checked.error());
  return std::move(file->codes);
}

Expected<std::unique_ptr<DenseTruth>> read_matte(const fs::path& trimaps, bool is_coloured, const std::string& path,
                                                 int width, int height) {
  auto alpha = read_codes_of(path, is_coloured, width, height);
  if (!alpha) return std::unexpected(alpha.error());
  const std::string trimap_path = (trimaps / fs::path(path).filename()).string();
  auto trimap = read_codes_of(trimap_path, is_coloured, width, height);
  if (!trimap) return std::unexpected(trimap.error());
  const auto strange = std::ranges::find_if_not(
      *trimap, [](std::uint8_t code) { return code == 0 || code == 128 || code == 255; });
  if (strange != trimap->end())
    return failure(ErrorCode::damaged, std::format("The trimap {} has the code {}, which is none of 0, 128 and 255.",
                                                   trimap_path, *strange));
  const auto has = [&](int code) { return std::ranges::find(*trimap, code) != trimap->end(); };
  for (const auto& [code, name] : {std::pair{255, "foreground"}, std::pair{0, "background"}})
    if (has(128) && !has(code))
      return failure(ErrorCode::damaged, std::format("The trimap {} has no {}.", trimap_path, name));
  return unless_empty(matte_truth(std::move(*alpha), std::move(*trimap), width, height), trimap_path);
}

/// The figures of a published set are of all its classes: a network for others gets none.
Expected<void> check_all_known(const ClassMatch& match, const std::vector<std::string>& classes, const ModelInfo& model,
                               const std::string& set) {
  if (model.classes.empty())
    return failure(ErrorCode::invalid_argument,
                   std::format("The model {} does not name its classes, which may be others than the {} of {}: its "
                               "manifest.json can name them.",
                               model.name, classes.size(), set));
  const auto is_known = [](const std::optional<int>& number) { return number.has_value(); };
  const auto missing = std::ranges::find_if_not(match.model_of_data, is_known);
  if (missing == match.model_of_data.end()) return {};
  return failure(ErrorCode::invalid_argument,
                 std::format("The model {} has {} of the {} classes of {}, but no \"{}\": say with --class MODEL=DATA "
                             "which are the same.",
                             model.name, std::ranges::count_if(match.model_of_data, is_known), classes.size(), set,
                             classes[static_cast<std::size_t>(missing - match.model_of_data.begin())]));
}

Expected<std::pair<DenseData, MatteDataset>> begin_matte_data(const std::string& folder) {
  auto data = begin_data(folder, Task::matte);
  if (!data) return std::unexpected(data.error());
  auto dataset = parse_matte_dataset(data->description);
  if (!dataset) return std::unexpected(with_folder(dataset.error(), *data));
  return std::pair(std::move(*data), std::move(*dataset));
}

}  // namespace

Expected<std::vector<std::string>> trimap_folders(const std::string& folder) {
  const auto begun = begin_matte_data(folder);
  if (!begun) return std::unexpected(begun.error());
  return begun->second.trimaps;
}

Expected<DenseData> find_matte_data(const std::string& folder, const std::string& trimaps) {
  auto begun = begin_matte_data(folder);
  if (!begun) return std::unexpected(begun.error());
  auto& [data, dataset] = *begun;
  std::error_code ignored;
  if (!fs::is_directory(data.folder / trimaps, ignored))
    return failure(ErrorCode::not_found,
                   std::format("There is no folder {} with trimaps.", (data.folder / trimaps).string()));
  if (auto found = find_files(data, dataset.files, "alpha map"); !found) return std::unexpected(found.error());
  data.read_truth = [folder = data.folder / trimaps, is_coloured = dataset.is_coloured](const std::string& path,
                                                                                        int width, int height) {
    return read_matte(folder, is_coloured, path, width, height);
  };
  return std::move(data);
}

Expected<DenseData> find_semantic_data(const std::string& folder, const ModelInfo& model,
                                       const std::vector<std::string>& classes) {
  auto data = begin_data(folder, Task::semantic);
  if (!data) return data;
  const auto dataset = parse_semantic_dataset(data->description);
  if (!dataset) return std::unexpected(with_folder(dataset.error(), *data));
  const auto match = match_classes(dataset->classes, model.classes, classes);
  if (!match) return std::unexpected(match.error());
  if (!data->layout.empty())
    if (auto checked = check_all_known(*match, dataset->classes, model, data->layout); !checked)
      return std::unexpected(checked.error());
  if (auto found = find_files(*data, dataset->files, "label map"); !found) return std::unexpected(found.error());
  data->read_truth = [dataset = *dataset, match = *match](const std::string& path, int width, int height) {
    return read_semantic(dataset, match, path, width, height);
  };
  return data;
}

Expected<DenseData> find_depth_data(const std::string& folder, const ModelInfo& model) {
  auto data = begin_data(folder, Task::depth);
  if (!data) return data;
  const auto dataset = parse_depth_dataset(data->description);
  if (!dataset) return std::unexpected(with_folder(dataset.error(), *data));
  if (model.unit != "m")
    return failure(ErrorCode::invalid_argument,
                   std::format("The model {} does not predict metres, which {} measures.", model.name, folder));
  if (auto found = find_files(*data, dataset->files, "depth map"); !found) return std::unexpected(found.error());
  data->read_truth = [dataset = *dataset](const std::string& path, int width, int height) {
    return read_depths(dataset, path, width, height);
  };
  return data;
}

Expected<LoadedImage> load_image(const DenseData& data, const ObjectFiles& files) {
  auto picture = read_picture((data.folder / data.files.images / files.image).string());
  if (!picture) return std::unexpected(picture.error());
  auto truth =
      data.read_truth((data.folder / data.files.truths / files.mask).string(), picture->width, picture->height);
  if (!truth) return std::unexpected(truth.error());
  return LoadedImage{.picture = std::move(*picture), .truth = std::move(*truth)};
}

}  // namespace gbrs::cli
