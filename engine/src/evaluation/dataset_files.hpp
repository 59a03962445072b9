// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which files of a data set are its images, and which say what is in them.

#include <optional>
#include <string>
#include <string_view>

#include "gbrs/error.hpp"

namespace gbrs {

/// Folders are relative to that of the data set. File names are patterns: `*` is what an image and its truth have in
/// common; where nothing follows that has a dot, every extension will do; "*/" before it stands for sub-folders.
struct DatasetFiles {
  std::string images = "images";
  std::string truths;  ///< masks, label maps, depth maps or alpha maps
  std::string image_name = "*";
  std::string truth_name = "*";
  std::string list = {};  ///< a text file, relative, with the names that are the data set's, one a line; empty: all
};

/// Errors: invalid_argument (a folder that is not relative, a name that is no pattern).
Expected<void> check_files(const DatasetFiles& files);

/// Whether files of a pattern are in sub-folders.
[[nodiscard]] bool is_in_subfolders(std::string_view pattern);

/// What the last `*` of a pattern is in a file's name, below the folder; none: it is not called so.
[[nodiscard]] std::optional<std::string> name_in(std::string_view pattern, std::string_view file);

}  // namespace gbrs
