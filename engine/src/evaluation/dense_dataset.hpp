// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a dataset.json says about labels, depths and mattes.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evaluation/dataset_files.hpp"
#include "evaluation/depth_metrics.hpp"
#include "gbrs/error.hpp"

namespace gbrs {

/// The truths are maps of ids, 8 bits.
struct SemanticDataset {
  DatasetFiles files{.truths = "labels"};
  std::vector<std::string> classes;
  std::optional<int> ignore;  ///< id that does not count
  std::vector<int> fold;      ///< class by id, kNoClass: it does not count; empty: an id is its class

  /// The class of an id, kNoClass for `ignore`; none: there is no such id.
  [[nodiscard]] std::optional<int> class_of(int id) const;
};

/// The truths are 16-bit millimetres, 0 where nothing was measured.
struct DepthDataset {
  DatasetFiles files{.truths = "depth"};
  std::optional<Rectangle> crop;  ///< the part that counts; none: all
  DepthRange range;               ///< metres
};

/// The truths are mattes of 8 bits; each of `trimaps` has what is known of them under the same names: 0 background, 128
/// unknown, 255 foreground.
struct MatteDataset {
  DatasetFiles files{.truths = "alphas"};
  bool is_coloured = false;                        ///< alphas and trimaps may have three equal channels
  std::vector<std::string> trimaps = {"trimaps"};  ///< folders, relative; each makes a run of its own
};

/// Errors: invalid_argument naming the key that is unknown, missing or has a value that makes no sense; unsupported
/// (depth: units and alignments other than metric ones).
Expected<SemanticDataset> parse_semantic_dataset(std::string_view json);
Expected<DepthDataset> parse_depth_dataset(std::string_view json);
Expected<MatteDataset> parse_matte_dataset(std::string_view json);

}  // namespace gbrs
