// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a dataset.json says about labels, depths and mattes.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evaluation/depth_metrics.hpp"
#include "gbrs/error.hpp"

namespace gbrs {

/// `images` holds the images, `labels` beside it maps of ids, 8 bits.
struct SemanticDataset {
  std::string images = "images";  ///< folder, relative
  std::vector<std::string> classes;
  std::optional<int> ignore;  ///< id that does not count
  std::vector<int> fold;      ///< class by id; empty: an id is its class

  /// The class of an id, kNoClass for `ignore`; none: there is no such id.
  [[nodiscard]] std::optional<int> class_of(int id) const;
};

/// `images` holds the images, `depth` beside it 16-bit millimetres, 0 where nothing was measured.
struct DepthDataset {
  std::string images = "images";
  std::optional<Rectangle> crop;  ///< the part that counts; none: all
  DepthRange range;               ///< metres
};

/// `images` holds the images, `alphas` beside it mattes of 8 bits, each of `trimaps` what is known of them: 0 background,
/// 128 unknown, 255 foreground.
struct MatteDataset {
  std::string images = "images";
  std::vector<std::string> trimaps = {"trimaps"};  ///< folders, relative; each makes a run of its own
};

/// Errors: invalid_argument naming the key that is unknown, missing or has a value that makes no sense; unsupported
/// (depth: units and alignments other than metric ones).
Expected<SemanticDataset> parse_semantic_dataset(std::string_view json);
Expected<DepthDataset> parse_depth_dataset(std::string_view json);
Expected<MatteDataset> parse_matte_dataset(std::string_view json);

}  // namespace gbrs
