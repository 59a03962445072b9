// SPDX-License-Identifier: Apache-2.0
#pragma once

// The folder that `gbrs eval` measures on; for objects: what it says about itself, its files, and their contents.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evaluation/dataset.hpp"
#include "evaluation/truth.hpp"
#include "gbrs/error.hpp"
#include "gbrs/task.hpp"
#include "picture_file.hpp"

namespace gbrs::cli {

/// What the options say; all but the folder only for one without dataset.json.
struct DataOptions {
  std::string folder;
  std::optional<std::string> images;
  std::optional<int> object;
  std::optional<int> ignore;
  std::optional<std::string> objects;
};

struct EvalData {
  std::filesystem::path folder;  ///< absolute
  std::string layout;            ///< as FolderDescription::layout
  SegmentDataset dataset;
  std::vector<ObjectFiles> objects;  ///< at least one, by name
  std::vector<Skipped> skipped;
};

/// The absolute path of the data's folder. Errors: not_found.
Expected<std::filesystem::path> data_folder(const std::string& name);
/// Something that is left out because of an error.
Skipped left_out(std::string name, const Error& error);

/// What a folder says about itself, or what is known of the published set that it is laid out as.
struct FolderDescription {
  std::string text;    ///< of a dataset.json
  std::string layout;  ///< name of the published set; empty: the folder has a dataset.json
};
/// None: neither. Errors: io.
Expected<std::optional<FolderDescription>> describe_folder(const std::filesystem::path& folder, Task task);

/// The images of a folder and the truths that belong to them, at least one; `what`: a word for a truth. Errors:
/// not_found, io.
Expected<Pairing> find_pairs(const std::filesystem::path& folder, const DatasetFiles& files, std::string_view what,
                             bool has_several_objects = false);

/// Finds the objects of a folder. Errors: not_found (folders, images, masks), invalid_argument (dataset.json,
/// options), io.
Expected<EvalData> find_data(const DataOptions& options);

struct LoadedObject {
  PictureFile picture;
  Truth truth;  ///< of the picture's size, has an object
};

/// Reads image and mask of an object. Errors: those of the files; damaged (sizes differ, the object's code does not
/// occur).
Expected<LoadedObject> load_object(const EvalData& data, const ObjectFiles& files);

}  // namespace gbrs::cli
