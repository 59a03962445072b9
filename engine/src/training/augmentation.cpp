// SPDX-License-Identifier: Apache-2.0
#include "training/augmentation.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

namespace gbrs {
namespace {

/// One axis of the part of the picture that a crop sees.
struct Span {
  double centre = 0;
  double length = 0;
};

/// A span of `length` that holds [begin, end) somewhere in it and stays inside the picture where it can; where it is
/// longer than the object it lies off its middle, but not so far that the object touches its end.
Span place(double begin, double end, double length, double extent, double stretch, Random& random) {
  if (length > extent) length = std::max(extent, length / stretch);
  const double slack = length - (end - begin);
  const double shift = slack > 0 ? random.between(-0.8, 0.8) * slack / 2 : random.between(-0.3, 0.3) * -slack;
  double centre = (begin + end) / 2 + shift;
  centre = length <= extent ? std::clamp(centre, length / 2, extent - length / 2) : extent / 2;
  return {centre, length};
}

/// How many of the picture's pixels a crop's pixel is: the side of a crop that shows the object at the view's size.
double draw_scale(const GeometryRecipe& recipe, cv::Rect object, cv::Size picture, cv::Size crop, Random& random) {
  std::vector<double> weights;
  for (const ViewRecipe& view : recipe.views) weights.push_back(view.weight);
  const ViewRecipe& view = recipe.views[random.weighted(weights)];
  const auto ratio = [&](cv::Size seen) {
    return std::max(static_cast<double>(seen.width) / crop.width, static_cast<double>(seen.height) / crop.height);
  };
  const double whole = ratio(picture);
  double scale = view.box ? ratio(object.size()) * random.between_logarithms(*view.box) : whole;
  scale = std::min(scale, whole);  // more than the whole picture is nothing but border
  return std::max(scale, 1 / recipe.enlargement);
}

std::uint8_t to_byte(double value) { return static_cast<std::uint8_t>(std::clamp(std::lround(value), 0L, 255L)); }

/// Brightness, contrast, gamma and balance as one curve a channel.
void change_tones(const AppearanceRecipe& recipe, cv::Mat& picture, Random& random) {
  const double exponent = std::exp(random.between(-recipe.gamma, recipe.gamma));
  const double contrast = 1 + random.between(-recipe.contrast, recipe.contrast);
  const double brightness = random.between(-recipe.brightness, recipe.brightness);
  cv::Mat curves(1, 256, CV_8UC3);
  for (int channel = 0; channel < 3; ++channel) {
    const double gain = 1 + random.between(-recipe.balance, recipe.balance);
    for (int i = 0; i < 256; ++i) {
      const double value = (std::pow(i / 255.0, exponent) - 0.5) * contrast + 0.5 + brightness;
      curves.at<cv::Vec3b>(i)[channel] = to_byte(value * gain * 255);
    }
  }
  cv::LUT(picture, curves, picture);
}

/// Mixes the colours with their luma (Rec. 601); factor 0: grey.
void change_saturation(cv::Mat& picture, double factor) {
  constexpr double red = 0.299, green = 0.587, blue = 0.114;
  const double rest = 1 - factor;
  const cv::Matx33f matrix(cv::Matx33d(factor + rest * red, rest * green, rest * blue,  //
                                       rest * red, factor + rest * green, rest * blue,  //
                                       rest * red, rest * green, factor + rest * blue));
  cv::transform(picture, picture, matrix);
}

void coarsen(cv::Mat& picture, double factor) {
  cv::Mat small;
  cv::resize(picture, small, {}, 1 / factor, 1 / factor, cv::INTER_AREA);
  cv::resize(small, picture, picture.size(), 0, 0, cv::INTER_LINEAR);
}

cv::Mat render_truth(const cv::Mat& truth, const cv::Matx23d& from_crop, cv::Size crop) {
  cv::Mat result;
  cv::warpAffine(truth, result, from_crop, crop, cv::INTER_NEAREST | cv::WARP_INVERSE_MAP, cv::BORDER_CONSTANT,
                 kIgnored);
  return result;
}

void add_noise(cv::Mat& picture, double deviation, std::uint64_t seed) {
  cv::Mat noise(picture.size(), CV_16SC3);
  cv::RNG(seed).fill(noise, cv::RNG::NORMAL, 0, deviation);
  cv::add(picture, noise, picture, cv::noArray(), CV_8U);
}

}  // namespace

cv::Matx23d draw_view(const GeometryRecipe& recipe, cv::Rect object, cv::Size picture, cv::Size crop, Random& random) {
  const double scale = draw_scale(recipe, object, picture, crop, random);
  const Span x = place(object.x, object.x + object.width, scale * crop.width, picture.width, recipe.stretch, random);
  const Span y = place(object.y, object.y + object.height, scale * crop.height, picture.height, recipe.stretch, random);
  const double mirror = random.happens(recipe.mirror) ? -1 : 1;
  const double limit = recipe.rotation_limit * std::numbers::pi / 180;
  const double turn = random.happens(recipe.rotation) ? random.between(-limit, limit) : 0;
  const double step_x = mirror * x.length / crop.width, step_y = y.length / crop.height;
  const cv::Matx22d linear(std::cos(turn) * step_x, -std::sin(turn) * step_y,  //
                           std::sin(turn) * step_x, std::cos(turn) * step_y);
  // the crop's middle shows the spans' middles; pixel centres are whole numbers here, edges lie half a pixel off
  const cv::Vec2d shift =
      cv::Vec2d(x.centre - 0.5, y.centre - 0.5) - linear * cv::Vec2d((crop.width - 1) / 2.0, (crop.height - 1) / 2.0);
  return {linear(0, 0), linear(0, 1), shift[0], linear(1, 0), linear(1, 1), shift[1]};
}

cv::Mat render_picture(const cv::Mat& picture, const cv::Matx23d& from_crop, cv::Size crop, int border) {
  cv::Mat source = picture;
  cv::Matx23d matrix = from_crop;
  const double scale = std::sqrt(std::abs(matrix(0, 0) * matrix(1, 1) - matrix(0, 1) * matrix(1, 0)));
  if (scale > 1.3) {  // interpolating between neighbours would skip pixels
    const cv::Size size(std::max(1, static_cast<int>(std::lround(source.cols / scale))),
                        std::max(1, static_cast<int>(std::lround(source.rows / scale))));
    const double fx = static_cast<double>(size.width) / source.cols,
                 fy = static_cast<double>(size.height) / source.rows;
    cv::resize(picture, source, size, 0, 0, cv::INTER_AREA);
    const cv::Matx22d shrink(fx, 0, 0, fy);
    const cv::Matx22d linear = shrink * matrix.get_minor<2, 2>(0, 0);
    // pixel (u, v) of the picture has its centre at (u + 0.5) f - 0.5 of the smaller one
    matrix = {linear(0, 0), linear(0, 1), (matrix(0, 2) + 0.5) * fx - 0.5,
              linear(1, 0), linear(1, 1), (matrix(1, 2) + 0.5) * fy - 0.5};
  }
  cv::Mat result;
  cv::warpAffine(source, result, matrix, crop, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, border);
  return result;
}

Example render_view(const Example& example, const cv::Matx23d& from_crop, cv::Size crop) {
  return {.picture = render_picture(example.picture, from_crop, crop, cv::BORDER_REFLECT_101),
          .truth = render_truth(example.truth, from_crop, crop)};
}

void change_appearance(const AppearanceRecipe& recipe, cv::Mat& picture, Random& random) {
  if (random.happens(recipe.colours)) {
    change_tones(recipe, picture, random);
    change_saturation(picture, 1 + random.between(-recipe.saturation, recipe.saturation));
  }
  if (random.happens(recipe.gray)) change_saturation(picture, 0);
  if (random.happens(recipe.blur)) cv::GaussianBlur(picture, picture, {}, random.between(recipe.blur_deviation));
  if (random.happens(recipe.coarsening)) coarsen(picture, random.between(recipe.coarsening_factor));
  if (random.happens(recipe.noise)) add_noise(picture, random.between(recipe.noise_deviation), random.bits());
}

cv::Matx23d draw_good_view(const GeometryRecipe& recipe, const Example& example, cv::Size crop, Random& random) {
  const cv::Rect box = cv::boundingRect(example.truth == kObject);
  GeometryRecipe whole = recipe;
  whole.views = {{.weight = 1, .box = std::nullopt}};
  for (int tries = 20; tries > 0; --tries) {
    const cv::Matx23d view = draw_view(recipe, box, example.picture.size(), crop, random);
    if (cv::countNonZero(render_truth(example.truth, view, crop) == kObject) >= kMinVisiblePixels) return view;
  }
  return draw_view(whole, box, example.picture.size(), crop, random);
}

}  // namespace gbrs
