// SPDX-License-Identifier: Apache-2.0
#pragma once

// A folder of images and masks for segmentation: what its dataset.json says, and which files belong together.

#include <string>
#include <string_view>
#include <vector>

#include "evaluation/truth.hpp"
#include "gbrs/error.hpp"

namespace gbrs {

/// `images` holds the images, `masks` beside it the masks, 8-bit codes.
struct SegmentDataset {
  std::string images = "images";  ///< folder, relative
  MaskCodes codes;
  bool has_several_objects = false;  ///< masks are named <image>_<k>
};

/// Value of `objects` that says that several masks belong to an image.
inline constexpr std::string_view kSeveralObjects = "<image>_<k>";

/// Reads a dataset.json for segmentation. Errors: invalid_argument naming the key that is unknown, missing or has a
/// value that makes no sense.
Expected<SegmentDataset> parse_dataset(std::string_view json);

/// Checks what options say in place of a dataset.json. Errors: invalid_argument.
Expected<SegmentDataset> check_dataset(SegmentDataset dataset);

struct ObjectFiles {
  std::string object;  ///< name of the mask without extension
  std::string image;   ///< file names
  std::string mask;    ///< or label map, or depth map
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

/// Pairs file names (without folders) of images and masks: X.* with X.*, or X.* with X_k.* for several objects. `what`:
/// a word for the masks, where they are something else.
Pairing pair_files(std::vector<std::string> images, std::vector<std::string> masks, bool has_several_objects,
                   std::string_view what = "mask");

}  // namespace gbrs
