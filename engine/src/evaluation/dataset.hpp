// SPDX-License-Identifier: Apache-2.0
#pragma once

// A folder of images and masks for segmentation: what its dataset.json says, and which files belong together.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evaluation/dataset_files.hpp"
#include "evaluation/truth.hpp"
#include "gbrs/error.hpp"

namespace gbrs {

/// The truths are masks, 8-bit codes.
struct SegmentDataset {
  DatasetFiles files{.truths = "masks"};
  MaskCodes codes;
  bool is_coloured = false;          ///< masks may have a palette or colours, whose largest channel is the code
  bool has_several_objects = false;  ///< masks are named <image>_<k>
  bool is_every_code_object = false;  ///< a mask's codes but 0 and `ignore` are an object each, <image>_<code>
};

/// Value of `objects` that says that several masks belong to an image.
inline constexpr std::string_view kSeveralObjects = "<image>_<k>";
/// The one that says that each code of a mask is an object.
inline constexpr std::string_view kEveryCode = "<code>";

/// Reads a dataset.json for segmentation. Errors: invalid_argument naming the key that is unknown, missing or has a
/// value that makes no sense.
Expected<SegmentDataset> parse_dataset(std::string_view json);

/// Checks what options say in place of a dataset.json. Errors: invalid_argument.
Expected<SegmentDataset> check_dataset(SegmentDataset dataset);

struct ObjectFiles {
  std::string object;  ///< name of the mask without extension
  std::string image;   ///< file names
  std::string mask;    ///< or label map, or depth map
  std::optional<int> code = std::nullopt;  ///< of the object in the mask, where others have other codes
};

/// Something that was left out, and why; one sentence part in lower case.
struct Skipped {
  std::string name;
  std::string reason;
};

struct Pairing {
  std::vector<ObjectFiles> objects;  ///< by object name
  std::vector<Skipped> skipped;      ///< files without partner
};

/// Pairs names of files (below their folders) of images and masks, which are called as `names` says: X with X, or X
/// with X_k for several objects. `what`: a word for the masks, where they are something else.
Pairing pair_files(std::vector<std::string> images, std::vector<std::string> masks, const DatasetFiles& names,
                   bool has_several_objects, std::string_view what = "mask");

}  // namespace gbrs
