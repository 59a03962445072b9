// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gbrs/image.hpp"

// Where the picture lies on the canvas: one scale and one whole-numbered origin. Everything here is in
// device pixels (what the screen has), not in GTK's logical ones; the canvas converts at its border.
// An image coordinate is continuous: the top-left pixel covers [0, 1) x [0, 1).
//
//   canvas = image * scale - origin
//
// The origin is whole, so that a map rendered at `scale` lies on the canvas without resampling.
// Knows neither GTK nor GIMP.

namespace gbrs::plugin {

struct Point {
  double x = 0;
  double y = 0;
};

/// From this scale on the user wants to see the single pixels.
inline constexpr double kPixelsVisibleScale = 2.0;

class ViewTransform final {
 public:
  /// A view of a picture of this size (at least 1 x 1), fitted into a canvas of no size yet.
  ViewTransform(int image_width, int image_height);

  /// The canvas has a new size. A fitted view stays fitted, another keeps what is in the middle.
  void resize(int canvas_width, int canvas_height);

  void fit();          ///< all of the picture, as large as possible, but at most 4:1
  void actual_size();  ///< one image pixel to one device pixel, the middle stays
  /// Enlarges by `factor`; what lies at `anchor` (canvas) stays there while the picture's edges allow it.
  void zoom(double factor, Point anchor);
  void zoom(double factor);           ///< the middle stays
  void pan(double dx, double dy);     ///< moves the picture by this much on the canvas
  void reveal(Point image);           ///< pans just far enough that the place is on the canvas

  [[nodiscard]] Point to_image(Point canvas) const;
  [[nodiscard]] Point to_canvas(Point image) const;
  [[nodiscard]] bool contains(Point image) const;         ///< inside the picture
  [[nodiscard]] Point nearest_inside(Point image) const;  ///< itself, or the nearest on a border pixel's middle

  [[nodiscard]] double scale() const { return scale_; }  ///< device pixels per image pixel
  [[nodiscard]] bool is_fitted() const { return is_fitted_; }
  [[nodiscard]] int image_width() const { return image_width_; }
  [[nodiscard]] int image_height() const { return image_height_; }
  [[nodiscard]] int origin_x() const { return origin_x_; }
  [[nodiscard]] int origin_y() const { return origin_y_; }
  [[nodiscard]] int canvas_width() const { return canvas_width_; }
  [[nodiscard]] int canvas_height() const { return canvas_height_; }
  /// The part of the scaled picture that is on the canvas, in pixels of the scaled picture: what
  /// Answer::render takes.
  [[nodiscard]] Rectangle visible() const;

  friend bool operator==(const ViewTransform&, const ViewTransform&) = default;

 private:
  void set_scale(double scale, Point anchor);
  void settle(double x, double y);
  [[nodiscard]] double fitting_scale() const;
  [[nodiscard]] Point middle() const;

  int image_width_;
  int image_height_;
  int canvas_width_ = 1;
  int canvas_height_ = 1;
  double scale_ = 1;
  int origin_x_ = 0;
  int origin_y_ = 0;
  bool is_fitted_ = true;
};

}  // namespace gbrs::plugin
