// SPDX-License-Identifier: Apache-2.0
#include "training/cutouts.hpp"

#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

namespace gbrs {
namespace {

constexpr double kCanvas = 448;      // longer side of the picture made; crops of about 321 are taken from it
constexpr double kMostEnlarged = 2;  // of a cut-out
constexpr int kHalfCovered = 128;

/// A cut-out where it will be on the canvas.
struct Placed {
  cv::Mat colours;   // CV_8UC3
  cv::Mat coverage;  // CV_8UC1
};

cv::Mat shrunk(const cv::Mat& picture, double factor) {
  if (factor >= 1) return picture;
  cv::Mat result;
  cv::resize(picture, result,
             {std::max(8, static_cast<int>(std::lround(picture.cols * factor))),
              std::max(8, static_cast<int>(std::lround(picture.rows * factor)))},
             0, 0, cv::INTER_AREA);
  return result;
}

/// From cut-out pixels to canvas pixels: size, turn, mirror, place.
cv::Matx23d placement(cv::Size from, cv::Size canvas, double scale, Random& random) {
  const double turn = random.happens(0.6) ? random.normal() * 12 * std::numbers::pi / 180 : 0;
  const double mirror = random.happens(0.5) ? -1 : 1;
  const cv::Matx22d linear(scale * std::cos(turn) * mirror, -scale * std::sin(turn), scale * std::sin(turn) * mirror,
                           scale * std::cos(turn));
  const cv::Vec2d to(random.between(0.2, 0.8) * canvas.width, random.between(0.25, 0.85) * canvas.height);
  const cv::Vec2d shift = to - linear * cv::Vec2d(from.width / 2.0, from.height / 2.0);
  return {linear(0, 0), linear(0, 1), shift[0], linear(1, 0), linear(1, 1), shift[1]};
}

class Cutouts final : public ExampleSource {
 public:
  Cutouts(std::vector<PictureFiles> cutouts, std::vector<std::vector<PictureFiles>> backgrounds,
          std::shared_ptr<PictureCache> cache)
      : cutouts_(std::move(cutouts)), backgrounds_(std::move(backgrounds)), cache_(std::move(cache)) {}

  std::size_t picture_count() const override { return cutouts_.size(); }

  Expected<Example> draw(Random& random) override {
    auto canvas = make_canvas(random);
    if (!canvas) return std::unexpected(canvas.error());
    auto first = place(canvas->size(), random);
    if (!first) return std::unexpected(first.error());
    paste(*canvas, first->colours, first->coverage);
    cv::Mat coverage = first->coverage;
    if (random.happens(0.3)) {
      auto second = place(canvas->size(), random);
      if (!second) return std::unexpected(second.error());
      paste(*canvas, second->colours, second->coverage);
      coverage = of_two(coverage, second->coverage, random);
    }
    return Example{*canvas, (coverage >= kHalfCovered) / 255};
  }

 private:
  Expected<cv::Mat> make_canvas(Random& random) {
    const auto& folder = backgrounds_[random.below(backgrounds_.size())];
    const auto picture = cache_->colours(folder[random.below(folder.size())].picture);
    if (!picture) return std::unexpected(picture.error());
    const double factor = kCanvas / std::max(picture->cols, picture->rows);
    cv::Mat canvas;
    cv::resize(*picture, canvas, {}, factor, factor, factor < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
    if (random.happens(0.5)) cv::flip(canvas, canvas, 1);
    if (random.happens(0.3)) cv::GaussianBlur(canvas, canvas, {}, random.between(0.7, 3));  // out of focus
    return canvas;
  }

  Expected<Placed> place(cv::Size canvas, Random& random) {
    const PictureFiles& files = cutouts_[random.below(cutouts_.size())];
    const auto colours = cache_->colours(files.picture);
    if (!colours) return std::unexpected(colours.error());
    const auto coverage = cache_->labels(files.labels);
    if (!coverage) return std::unexpected(coverage.error());
    if (colours->size() != coverage->size())
      return failure(ErrorCode::damaged,
                     "The coverage " + files.labels.string() + " has another size than its colours.");
    const double side = random.between(0.3, 0.95) * std::max(canvas.width, canvas.height);
    const double scale = std::min(side / std::max(colours->cols, colours->rows), kMostEnlarged);
    const cv::Mat small_colours = shrunk(*colours, scale);  // warping alone would skip pixels
    const cv::Mat small_coverage = shrunk(*coverage, scale);
    const cv::Matx23d matrix = placement(small_colours.size(), canvas, std::max(1.0, scale), random);
    Placed placed;
    cv::warpAffine(small_colours, placed.colours, matrix, canvas, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    cv::warpAffine(small_coverage, placed.coverage, matrix, canvas, cv::INTER_LINEAR, cv::BORDER_CONSTANT, 0);
    if (random.happens(0.5)) change_light(placed.colours, random);
    if (random.happens(0.2)) cv::GaussianBlur(placed.coverage, placed.coverage, {3, 3}, 0);
    return placed;
  }

  /// The object is what the second leaves of the first, the second, or both.
  static cv::Mat of_two(const cv::Mat& first, const cv::Mat& second, Random& random) {
    cv::Mat left;
    cv::multiply(first, 255 - second, left, 1.0 / 255);
    const double choice = random.uniform();
    if (choice < 0.5 && cv::countNonZero(left >= kHalfCovered) >= Examples::kMinObjectPixels) return left;
    if (choice < 0.8) return second;
    return cv::max(left, second);
  }

  std::vector<PictureFiles> cutouts_;
  std::vector<std::vector<PictureFiles>> backgrounds_;
  std::shared_ptr<PictureCache> cache_;
};

}  // namespace

void change_light(cv::Mat& colours, Random& random) {
  const double shift = random.between(-15, 15);
  const cv::Scalar factors(random.between(0.75, 1.25), random.between(0.75, 1.25), random.between(0.75, 1.25));
  cv::multiply(colours, factors, colours);
  cv::add(colours, cv::Scalar::all(shift), colours);
}

void paste(cv::Mat& background, const cv::Mat& colours, const cv::Mat& coverage) {
  for (int y = 0; y < background.rows; ++y) {
    auto* b = background.ptr<cv::Vec3b>(y);
    const auto* f = colours.ptr<cv::Vec3b>(y);
    const auto* a = coverage.ptr<std::uint8_t>(y);
    for (int x = 0; x < background.cols; ++x)
      for (int c = 0; c < 3; ++c)
        b[x][c] = static_cast<std::uint8_t>((a[x] * f[x][c] + (255 - a[x]) * b[x][c] + 127) / 255);
  }
}

Expected<std::vector<std::vector<PictureFiles>>> open_backgrounds(const DataRecipe& data,
                                                                  const TrainingFolder& folder) {
  std::vector<std::vector<PictureFiles>> backgrounds;
  for (const std::string& background : data.backgrounds) {
    auto pictures = folder.pictures(background);
    if (!pictures) return std::unexpected(pictures.error());
    backgrounds.push_back(std::move(*pictures));
  }
  return backgrounds;
}

Expected<std::unique_ptr<ExampleSource>> open_cutouts(const DataRecipe& data, const TrainingFolder& folder,
                                                      std::shared_ptr<PictureCache> cache) {
  auto cutouts = folder.pairs(data.cutouts + "/fg", data.cutouts + "/alpha");
  if (!cutouts) return std::unexpected(cutouts.error());
  auto backgrounds = open_backgrounds(data, folder);
  if (!backgrounds) return std::unexpected(backgrounds.error());
  return std::make_unique<Cutouts>(std::move(*cutouts), std::move(*backgrounds), std::move(cache));
}

}  // namespace gbrs
