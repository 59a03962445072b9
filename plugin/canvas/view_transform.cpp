// SPDX-License-Identifier: GPL-3.0-or-later
#include "canvas/view_transform.hpp"

#include <algorithm>
#include <cmath>

namespace gbrs::plugin {
namespace {

// An image pixel as large as a fingernail; more shows nothing new.
constexpr double kMaxScale = 64.0;
// A picture half as large as the fitted one is the smallest that is still of use.
constexpr double kSmallestOfFit = 0.5;
// A tiny picture is enlarged to be clicked on, but not until it is a mosaic.
constexpr double kMaxFit = 4.0;
// Free space that reveal() leaves around a place, in device pixels.
constexpr double kRevealMargin = 24.0;

// Origin in one direction: a picture smaller than the canvas is in the middle, a larger one covers it.
int settle_axis(double origin, double scaled, int canvas) {
  const double free = scaled - canvas;
  return static_cast<int>(std::lround(free <= 0 ? free / 2 : std::clamp(origin, 0.0, free)));
}

}  // namespace

ViewTransform::ViewTransform(int image_width, int image_height)
    : image_width_(std::max(image_width, 1)), image_height_(std::max(image_height, 1)) {
  fit();
}

void ViewTransform::resize(int canvas_width, int canvas_height) {
  const Point centre = to_image(middle());
  canvas_width_ = std::max(canvas_width, 1);
  canvas_height_ = std::max(canvas_height, 1);
  if (is_fitted_) {
    fit();
  } else {
    settle(centre.x * scale_ - canvas_width_ / 2.0, centre.y * scale_ - canvas_height_ / 2.0);
  }
}

void ViewTransform::fit() {
  scale_ = fitting_scale();
  settle(0, 0);
  is_fitted_ = true;
}

void ViewTransform::actual_size() { set_scale(1.0, middle()); }

void ViewTransform::zoom(double factor, Point anchor) {
  const double smallest = std::min(fitting_scale() * kSmallestOfFit, 1.0);
  set_scale(std::clamp(scale_ * factor, smallest, kMaxScale), anchor);
}

void ViewTransform::zoom(double factor) { zoom(factor, middle()); }

void ViewTransform::pan(double dx, double dy) {
  const int old_x = origin_x_;
  const int old_y = origin_y_;
  settle(origin_x_ - dx, origin_y_ - dy);
  if (old_x != origin_x_ || old_y != origin_y_) is_fitted_ = false;
}

void ViewTransform::reveal(Point image) {
  const Point place = to_canvas(image);
  const auto shift = [](double at, int size) {
    const double margin = std::min(kRevealMargin, size / 2.0);
    return std::clamp(at, margin, size - margin) - at;
  };
  pan(shift(place.x, canvas_width_), shift(place.y, canvas_height_));
}

Point ViewTransform::to_image(Point canvas) const {
  return {(canvas.x + origin_x_) / scale_, (canvas.y + origin_y_) / scale_};
}

Point ViewTransform::to_canvas(Point image) const {
  return {image.x * scale_ - origin_x_, image.y * scale_ - origin_y_};
}

bool ViewTransform::contains(Point image) const {
  return image.x >= 0 && image.y >= 0 && image.x < image_width_ && image.y < image_height_;
}

Point ViewTransform::nearest_inside(Point image) const {
  if (contains(image)) return image;
  return {std::clamp(image.x, 0.5, image_width_ - 0.5), std::clamp(image.y, 0.5, image_height_ - 0.5)};
}

Rectangle ViewTransform::visible() const {
  const int scaled_width = static_cast<int>(std::ceil(image_width_ * scale_));
  const int scaled_height = static_cast<int>(std::ceil(image_height_ * scale_));
  const int left = std::max(origin_x_, 0);
  const int top = std::max(origin_y_, 0);
  const int right = std::min(origin_x_ + canvas_width_, scaled_width);
  const int bottom = std::min(origin_y_ + canvas_height_, scaled_height);
  return {left, top, std::max(right - left, 0), std::max(bottom - top, 0)};
}

void ViewTransform::set_scale(double scale, Point anchor) {
  const Point image = to_image(anchor);
  scale_ = scale;
  is_fitted_ = false;
  settle(image.x * scale_ - anchor.x, image.y * scale_ - anchor.y);
}

void ViewTransform::settle(double x, double y) {
  origin_x_ = settle_axis(x, image_width_ * scale_, canvas_width_);
  origin_y_ = settle_axis(y, image_height_ * scale_, canvas_height_);
}

double ViewTransform::fitting_scale() const {
  return std::min({kMaxFit, static_cast<double>(canvas_width_) / image_width_,
                   static_cast<double>(canvas_height_) / image_height_});
}

Point ViewTransform::middle() const { return {canvas_width_ / 2.0, canvas_height_ / 2.0}; }

}  // namespace gbrs::plugin
