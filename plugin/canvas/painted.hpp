// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "canvas/view_transform.hpp"
#include "gbrs/error.hpp"
#include "gbrs/step.hpp"
#include "gbrs/trimap.hpp"

// What is painted over a trimap: strokes that say what is known, and what is to be found out. Knows neither GTK nor
// GIMP.

namespace gbrs::plugin {

enum class Known {
  keep,     ///< wholly the object
  drop,     ///< not the object at all
  unknown,  ///< to be found out
};

/// A brush's way. On whole pixels: its written form says exactly what it is.
struct PaintedStroke {
  struct Pixel {
    int x = 0;
    int y = 0;
    bool operator==(const Pixel&) const = default;
  };
  Known known = Known::unknown;
  int radius = 1;          ///< image pixels; what lies within them of the way is painted
  std::vector<Pixel> way;  ///< straight from one to the next; at least one
  bool operator==(const PaintedStroke&) const = default;
};

/// What a brush of this radius [image pixels] paints on its way over the picture; turns that are too small for it to be
/// seen are left out.
[[nodiscard]] PaintedStroke stroke_along(Known known, double radius, std::span<const Point> way);

/// Reads strokes separated by ";": "keep,12:100,80 104,82 120,95; drop,8:30,40; unknown,20:1,2 60,2". The radius is a
/// number of pixels from 1 on, a place the numbers of a pixel from 0 on, all of them whole. Nothing is no stroke.
/// Errors: invalid_argument naming the offending stroke.
[[nodiscard]] Expected<std::vector<PaintedStroke>> parse_painted(std::string_view text);

/// The written form; parse_painted gives back the same.
[[nodiscard]] std::string format_painted(std::span<const PaintedStroke> strokes);

/// Whether a stroke begins or turns outside of a picture of this size.
[[nodiscard]] bool leaves(const PaintedStroke& stroke, int width, int height);

/// A trimap with strokes over it, one after another. Errors: invalid_argument (one of them leaves it).
[[nodiscard]] Expected<std::shared_ptr<const Trimap>> painted_over(std::shared_ptr<const Trimap> trimap,
                                                                   std::span<const PaintedStroke> strokes);

/// What a trimap says of a pixel of its.
[[nodiscard]] Known known_at(const Trimap& trimap, int x, int y);

/// The steps without the clicks on pixels of which the trimap knows what they are: these say nothing any more.
[[nodiscard]] std::vector<Step> without_known(std::vector<Step> steps, const Trimap& trimap);

}  // namespace gbrs::plugin
