// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "editing/versions.hpp"
#include "gbrs/trimap.hpp"

// What is said of a picture outlives the picture, its trimap and the model: what of it a session on others can take.
// Knows neither GTK nor GIMP.

namespace gbrs::plugin {

/// What clicks and strokes lie on.
struct Ground {
  int width = 0;  ///< image pixels
  int height = 0;
  std::shared_ptr<const Trimap> trimap = nullptr;  ///< null: the task has none
  std::vector<std::string> classes = {};           ///< the model's names by number; empty: it has none
};

/// How many marks and painted strokes a ground does not take.
struct LeftOut {
  std::size_t outside = 0;   ///< of the picture
  std::size_t known = 0;     ///< the trimap says what is there
  std::size_t nameless = 0;  ///< of a class that the model does not have
  [[nodiscard]] bool is_nothing() const { return outside + known + nameless == 0; }
};

/// The strokes that lie in a picture of this size.
[[nodiscard]] std::vector<PaintedStroke> strokes_within(std::vector<PaintedStroke> painted, int width, int height,
                                                        LeftOut& left_out);

/// What a session takes of it: boxes are cut at the picture's border, classes have the numbers of their names here.
[[nodiscard]] Said taken(Said said, const Ground& ground, LeftOut& left_out);

}  // namespace gbrs::plugin
