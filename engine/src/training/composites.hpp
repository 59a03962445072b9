// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a matting network is trained on: objects with known coverage on pictures, and a trimap of that coverage.

#include <memory>
#include <opencv2/core.hpp>

#include "training/pictures.hpp"
#include "training/random.hpp"
#include "training/recipe.hpp"

namespace gbrs {

/// An object in front of nothing.
struct MatteLayer {
  cv::Mat colours;   ///< CV_8UC3, R'G'B', also where nothing is covered
  cv::Mat coverage;  ///< CV_8UC1, 0 to 255
};

/// A training crop; all of one size.
struct MatteSample {
  cv::Mat picture;   ///< CV_8UC3, R'G'B'
  cv::Mat alpha;     ///< CV_8UC1, 0 to 255
  cv::Mat trimap;    ///< CV_8UC1: 0 background, 255 object, 128 unknown
  cv::Mat contrast;  ///< CV_8UC1: mean over the channels of the absolute difference between object and background
};

/// A trimap of a matte CV_8UC1: what is partly covered, widened to each side by a distance of its own, and at times
/// discs elsewhere.
[[nodiscard]] cv::Mat draw_trimap(const TrimapRecipe& recipe, const cv::Mat& alpha, Random& random);

/// One object over another, as one.
[[nodiscard]] MatteLayer over(const MatteLayer& front, const MatteLayer& back);

/// All entries of a recipe's data.
class Composites {
 public:
  /// Lists the folders. Errors: not_found, io, invalid_argument (nothing in them).
  [[nodiscard]] static Expected<Composites> open(const Recipe& recipe, const TrainingFolder& folder, ImageFiles& files);

  /// A crop with at least kLeastUnknown of its pixels unknown. Errors: those of reading files; invalid_argument (there
  /// seem to be none).
  [[nodiscard]] Expected<MatteSample> draw(cv::Size crop, Random& random) const;
  [[nodiscard]] std::size_t picture_count() const;

  static constexpr double kLeastUnknown = 0.01;

 private:
  struct Source {
    std::string generated;              ///< a kind, or
    std::vector<PictureFiles> cutouts;  ///< these
    std::vector<std::vector<PictureFiles>> backgrounds;
  };
  Expected<MatteSample> compose(cv::Size crop, Random& random) const;
  Expected<MatteLayer> layer(const Source& source, cv::Size crop, Random& random) const;
  Expected<MatteLayer> cutout(const Source& source, cv::Size crop, Random& random) const;
  Expected<cv::Mat> background(const Source& source, cv::Size crop, Random& random) const;

  CompositeRecipe composites_;
  TrimapRecipe trimaps_;
  AppearanceRecipe appearance_;
  std::vector<Source> sources_;
  std::vector<double> weights_;
  std::shared_ptr<PictureCache> cache_;
};

}  // namespace gbrs
