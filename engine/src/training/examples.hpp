// SPDX-License-Identifier: Apache-2.0
#pragma once

// Pictures with one object each, drawn from a recipe's data: an id of a labelled picture, or a cut-out on a
// background.

#include <memory>
#include <opencv2/core.hpp>

#include "training/pictures.hpp"
#include "training/random.hpp"
#include "training/recipe.hpp"

namespace gbrs {

/// What a pixel of the truth is.
enum Truth : std::uint8_t { kBackground = 0, kObject = 1, kIgnored = 255 };

struct Example {
  cv::Mat picture;  ///< CV_8UC3, R'G'B'; may be shared with the cache: not to be written to
  cv::Mat truth;    ///< CV_8UC1 of Truth, the same size
};

/// One entry of a recipe's data.
class ExampleSource {
 public:
  virtual ~ExampleSource() = default;
  /// Errors: those of reading files.
  [[nodiscard]] virtual Expected<Example> draw(Random& random) = 0;
  [[nodiscard]] virtual std::size_t picture_count() const = 0;
};

/// Lists the folders. Errors: not_found, io, invalid_argument (nothing in them).
[[nodiscard]] Expected<std::unique_ptr<ExampleSource>> open_source(const DataRecipe& data, const TrainingFolder& folder,
                                                                   std::shared_ptr<PictureCache> cache);

/// All entries of a recipe, drawn from by their weights.
class Examples {
 public:
  /// Errors as open_source.
  [[nodiscard]] static Expected<Examples> open(const std::vector<DataRecipe>& data, const TrainingFolder& folder,
                                               ImageFiles& files);

  /// An example whose object has at least kMinObjectPixels. Errors: those of reading files, invalid_argument (there
  /// seem to be no objects).
  [[nodiscard]] Expected<Example> draw(Random& random);
  [[nodiscard]] std::size_t picture_count() const;

  static constexpr int kMinObjectPixels = 80;

 private:
  std::vector<std::unique_ptr<ExampleSource>> sources_;
  std::vector<double> weights_;
};

}  // namespace gbrs
