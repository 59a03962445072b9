// SPDX-License-Identifier: Apache-2.0
#pragma once

// The folders that `gbrs eval semantic`, `gbrs eval depth` and `gbrs eval matte` measure on.

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "evaluation/dataset.hpp"
#include "evaluation/dense_truth.hpp"
#include "gbrs/error.hpp"
#include "gbrs/model.hpp"
#include "picture_file.hpp"

namespace gbrs::cli {

struct DenseData {
  std::filesystem::path folder;      ///< absolute
  DatasetFiles files;
  std::string description;           ///< contents of dataset.json, or what is known instead
  std::string layout;                ///< as FolderDescription::layout
  std::vector<ObjectFiles> objects;  ///< one for each image, by name
  std::vector<Skipped> skipped;
  /// Reads a truth of an image of width x height. Errors: those of the file; damaged (sizes differ, labels out of
  /// range, no pixel counts).
  std::function<Expected<std::unique_ptr<DenseTruth>>(const std::string& path, int width, int height)> read_truth;
};

/// `classes`: assignments for match_classes. Errors: not_found (folders, files), invalid_argument (dataset.json,
/// classes), io.
Expected<DenseData> find_semantic_data(const std::string& folder, const ModelInfo& model,
                                       const std::vector<std::string>& classes);
/// Errors: the same; invalid_argument (a model that does not predict metres), unsupported (other units).
Expected<DenseData> find_depth_data(const std::string& folder, const ModelInfo& model);
/// `trimaps`: the folder of the trimaps, one of trimap_folders(). Errors: those of find_semantic_data.
Expected<DenseData> find_matte_data(const std::string& folder, const std::string& trimaps);
/// What dataset.json names. Errors: the same.
Expected<std::vector<std::string>> trimap_folders(const std::string& folder);

struct LoadedImage {
  PictureFile picture;
  std::unique_ptr<DenseTruth> truth;  ///< of the picture's size
};

/// Errors: those of the files.
Expected<LoadedImage> load_image(const DenseData& data, const ObjectFiles& files);

}  // namespace gbrs::cli
