// SPDX-License-Identifier: Apache-2.0
#pragma once

// Training a network that the library knows, from a recipe and folders of labelled pictures.
//
//   MyFiles files;                                        // reads image files, which the library does not
//   const auto report = gbrs::train({.recipe = text, .data = "data", .from = "weights.safetensors",
//                                    .output = "run", .files = &files});
//
// What a recipe says and how the folders look is in docs/training.md. A training writes into its output folder:
//
//   weights.safetensors     the averaged weights in 16 bits, for a model's folder; anew with every checkpoint
//   checkpoint.safetensors  everything needed to go on as if nothing had happened
//   log.csv                 a line a while: samples, rate, loss, and how good the answers are
//
// The same recipe, data, starting weights, processor and number of threads give the same bytes, in one go or in parts.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gbrs/error.hpp"
#include "gbrs/export.hpp"
#include "gbrs/task.hpp"

namespace gbrs {

/// A decoded image file: [height, width, channels].
struct DecodedImage {
  int width = 0;
  int height = 0;
  int channels = 0;
  std::vector<std::uint8_t> values;
};

/// How image files are read. Called by the thread that trains.
class ImageFiles {
 public:
  virtual ~ImageFiles() = default;
  /// Three channels, R'G'B'.
  virtual Expected<DecodedImage> read_colours(const std::filesystem::path& path) = 0;
  /// One channel: the indices of a file with a palette, else its grey values.
  virtual Expected<DecodedImage> read_labels(const std::filesystem::path& path) = 0;
};

/// How good the answers on the training crops are, a running mean.
struct TrainingMeasure {
  std::string name;  ///< as log.csv has it
  double value = 0;  ///< NaN until there was one
};

struct TrainingProgress {
  std::int64_t samples = 0;  ///< seen since the start of the recipe
  std::int64_t total = 0;
  double samples_per_second = 0;
  double seconds_left = 0;  ///< until the recipe or the time given ends
  double loss = 0;          ///< as the following, a running mean over about 1000 samples
  /// segment: intersection over union after 1, 2, and 3 or more clicks (iou_1 to iou_3); matte: mean squared and mean
  /// absolute error of alpha in the unknown band (mse, mad).
  std::vector<TrainingMeasure> measures;
};

struct TrainingRequest {
  Task task = Task::segment;                                 ///< or matte
  std::string recipe;                                        ///< JSON
  std::filesystem::path data;                                ///< what the recipe's folders are relative to
  std::optional<std::filesystem::path> from = std::nullopt;  ///< weights to start from; none: random ones
  std::filesystem::path output;                              ///< a folder, made if need be
  bool resumes = false;                                      ///< goes on from the output folder's checkpoint
  std::optional<double> minutes = std::nullopt;              ///< pauses after that time
  int threads = 1;                                           ///< 0: as many as processors are available
  ImageFiles* files = nullptr;
  std::function<bool()> should_stop = {};                      ///< asked before every step; pauses the training
  std::function<void(const std::string&)> say = {};            ///< told a line now and then
  std::function<void(const TrainingProgress&)> progress = {};  ///< told after every step
};

struct TrainingReport {
  bool is_finished = false;  ///< false: paused, a checkpoint says how to go on
  std::int64_t samples = 0;
  std::filesystem::path weights;
  std::string sha256;  ///< of the weights file, as a manifest names it
};

/// Blocks until the recipe is done, the time is over, or should_stop says so. Errors: invalid_argument (recipe,
/// request), not_found, damaged (checkpoint, weights, pictures), io, unavailable, out_of_memory; a checkpoint that was
/// written before is still there.
GBRS_API Expected<TrainingReport> train(const TrainingRequest& request);

}  // namespace gbrs
