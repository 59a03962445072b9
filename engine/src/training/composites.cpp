// SPDX-License-Identifier: Apache-2.0
#include "training/composites.hpp"

#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

#include "training/augmentation.hpp"
#include "training/cutouts.hpp"
#include "training/generated_layers.hpp"

namespace gbrs {
namespace {

constexpr std::uint8_t kUnknown = 128;
constexpr int kNearlyFull = 252, kNearlyNone = 3;  // of 255: what trimaps drawn by hand would call known

/// A pixel that is partly covered, else any.
cv::Point2d draw_focus(const cv::Mat& coverage, Random& random) {
  std::vector<cv::Point> places;
  cv::findNonZero((coverage > kNearlyNone) & (coverage < kNearlyFull), places);
  if (!places.empty()) return places[random.below(places.size())];
  return {random.between(0, coverage.cols - 1.0), random.between(0, coverage.rows - 1.0)};
}

/// From the crop's pixels to a picture's: a place of the crop shows a place of the picture, which is turned, mirrored,
/// and `scale` times as large.
cv::Matx23d placement(cv::Point2d in_picture, cv::Point2d in_crop, double scale, double turn, bool is_mirrored) {
  const double mirror = is_mirrored ? -1 : 1;
  const cv::Matx22d linear(mirror * std::cos(turn) / scale, -std::sin(turn) / scale,  //
                           mirror * std::sin(turn) / scale, std::cos(turn) / scale);
  const cv::Vec2d shift = cv::Vec2d(in_picture.x, in_picture.y) - linear * cv::Vec2d(in_crop.x, in_crop.y);
  return {linear(0, 0), linear(0, 1), shift[0], linear(1, 0), linear(1, 1), shift[1]};
}

cv::Mat contrast_of(const cv::Mat& colours, const cv::Mat& background) {
  cv::Mat difference, mean;
  cv::absdiff(colours, background, difference);
  cv::transform(difference, mean, cv::Matx13f(1.0F / 3, 1.0F / 3, 1.0F / 3));
  return mean;
}

}  // namespace

cv::Mat draw_trimap(const TrimapRecipe& recipe, const cv::Mat& alpha, Random& random) {
  const auto is_far = [&](const cv::Mat& region) {
    cv::Mat distance;
    cv::distanceTransform(region, distance, cv::DIST_L2, cv::DIST_MASK_5);
    return cv::Mat(distance > random.between_logarithms(recipe.width));
  };
  cv::Mat trimap(alpha.size(), CV_8UC1, cv::Scalar(kUnknown));
  trimap.setTo(255, is_far(alpha >= kNearlyFull));
  trimap.setTo(0, is_far(alpha <= kNearlyNone));
  if (!random.happens(recipe.patches)) return trimap;
  for (std::size_t left = 1 + random.below(4); left > 0; --left) {
    const cv::Point centre(static_cast<int>(random.below(static_cast<std::size_t>(alpha.cols))),
                           static_cast<int>(random.below(static_cast<std::size_t>(alpha.rows))));
    const double radius = random.between_logarithms({4, 0.15 * std::max(alpha.cols, alpha.rows)});
    cv::circle(trimap, centre, static_cast<int>(std::lround(radius)), cv::Scalar(kUnknown), cv::FILLED);
  }
  return trimap;
}

MatteLayer over(const MatteLayer& front, const MatteLayer& back) {
  MatteLayer both{front.colours.clone(), front.coverage.clone()};
  for (int y = 0; y < both.coverage.rows; ++y) {
    auto* colours = both.colours.ptr<cv::Vec3b>(y);
    auto* coverage = both.coverage.ptr<std::uint8_t>(y);
    const auto* behind = back.colours.ptr<cv::Vec3b>(y);
    const auto* behind_coverage = back.coverage.ptr<std::uint8_t>(y);
    for (int x = 0; x < both.coverage.cols; ++x) {
      const double seen = (1 - coverage[x] / 255.0) * behind_coverage[x];
      const double all = coverage[x] + seen;
      if (all <= 0) continue;
      for (int c = 0; c < 3; ++c)
        colours[x][c] = cv::saturate_cast<std::uint8_t>((coverage[x] * colours[x][c] + seen * behind[x][c]) / all);
      coverage[x] = cv::saturate_cast<std::uint8_t>(all);
    }
  }
  return both;
}

Expected<Composites> Composites::open(const Recipe& recipe, const TrainingFolder& folder, ImageFiles& files) {
  Composites composites;
  composites.composites_ = recipe.composites;
  composites.trimaps_ = recipe.trimaps;
  composites.appearance_ = recipe.appearance;
  composites.cache_ = std::make_shared<PictureCache>(files);
  for (const DataRecipe& data : recipe.data) {
    Source source{.generated = data.generated, .cutouts = {}, .backgrounds = {}};
    if (source.generated.empty()) {
      auto cutouts = folder.pairs(data.cutouts + "/fg", data.cutouts + "/alpha");
      if (!cutouts) return std::unexpected(cutouts.error());
      source.cutouts = std::move(*cutouts);
    }
    auto backgrounds = open_backgrounds(data, folder);
    if (!backgrounds) return std::unexpected(backgrounds.error());
    source.backgrounds = std::move(*backgrounds);
    composites.sources_.push_back(std::move(source));
    composites.weights_.push_back(data.weight);
  }
  return composites;
}

std::size_t Composites::picture_count() const {
  std::size_t count = 0;
  for (const Source& source : sources_) count += source.cutouts.size();
  return count;
}

Expected<MatteSample> Composites::draw(cv::Size crop, Random& random) const {
  constexpr int kTries = 100;
  for (int i = 0; i < kTries; ++i) {
    auto sample = compose(crop, random);
    if (!sample || cv::countNonZero(sample->trimap == kUnknown) >= kLeastUnknown * crop.area()) return sample;
  }
  return failure(ErrorCode::invalid_argument, "The training's cut-outs have no partly covered pixels.");
}

Expected<MatteSample> Composites::compose(cv::Size crop, Random& random) const {
  const Source& source = sources_[random.weighted(weights_)];
  auto behind = background(source, crop, random);
  if (!behind) return std::unexpected(behind.error());
  auto front = layer(source, crop, random);
  if (!front) return std::unexpected(front.error());
  if (random.happens(composites_.pair)) {
    const auto second = layer(sources_[random.weighted(weights_)], crop, random);
    if (!second) return std::unexpected(second.error());
    *front = over(*front, *second);
  }
  MatteSample sample{.picture = behind->clone(), .alpha = front->coverage, .trimap = {}, .contrast = {}};
  paste(sample.picture, front->colours, front->coverage);
  sample.contrast = contrast_of(front->colours, *behind);
  change_appearance(appearance_, sample.picture, random);
  sample.trimap = draw_trimap(trimaps_, sample.alpha, random);
  return sample;
}

Expected<MatteLayer> Composites::layer(const Source& source, cv::Size crop, Random& random) const {
  if (source.generated.empty()) return cutout(source, crop, random);
  const auto texture = background(source, crop, random);
  if (!texture) return std::unexpected(texture.error());
  return generated_layer(source.generated, *texture, random);
}

Expected<MatteLayer> Composites::cutout(const Source& source, cv::Size crop, Random& random) const {
  const PictureFiles& files = source.cutouts[random.below(source.cutouts.size())];
  const auto colours = cache_->colours(files.picture);
  if (!colours) return std::unexpected(colours.error());
  const auto coverage = cache_->labels(files.labels);
  if (!coverage) return std::unexpected(coverage.error());
  if (colours->size() != coverage->size())
    return failure(ErrorCode::damaged, "The coverage " + files.labels.string() + " has another size than its colours.");
  const bool has_focus = random.happens(composites_.focus);
  const cv::Point2d focus = has_focus ? draw_focus(*coverage, random)
                                      : cv::Point2d(random.between(0, colours->cols), random.between(0, colours->rows));
  const cv::Point2d place(random.between(0.2, 0.8) * crop.width, random.between(0.2, 0.8) * crop.height);
  const double limit = composites_.rotation_limit * std::numbers::pi / 180;
  const double scale = random.between_logarithms(composites_.scale), turn = random.between(-limit, limit);
  const cv::Matx23d matrix = placement(focus, place, scale, turn, random.happens(composites_.mirror));
  MatteLayer layer{.colours = render_picture(*colours, matrix, crop, cv::BORDER_REPLICATE),
                   .coverage = render_picture(*coverage, matrix, crop, cv::BORDER_CONSTANT)};
  if (random.happens(composites_.light)) change_light(layer.colours, random);
  return layer;
}

Expected<cv::Mat> Composites::background(const Source& source, cv::Size crop, Random& random) const {
  const auto& folder = source.backgrounds[random.below(source.backgrounds.size())];
  const auto picture = cache_->colours(folder[random.below(folder.size())].picture);
  if (!picture) return std::unexpected(picture.error());
  const cv::Point2d from(random.uniform() * picture->cols, random.uniform() * picture->rows);
  const bool is_mirrored = random.happens(composites_.mirror);
  const double along = from.x / picture->cols;
  const cv::Point2d to((is_mirrored ? 1 - along : along) * crop.width, from.y / picture->rows * crop.height);
  const double scale = random.between_logarithms(composites_.background);
  const cv::Matx23d matrix = placement(from, to, scale, 0, is_mirrored);
  cv::Mat result = render_picture(*picture, matrix, crop, cv::BORDER_REFLECT_101);
  if (random.happens(0.3)) cv::GaussianBlur(result, result, {}, random.between(0.7, 4));  // out of focus
  return result;
}

}  // namespace gbrs
