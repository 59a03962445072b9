// SPDX-License-Identifier: Apache-2.0
#pragma once

// From a picture with an object to a crop of the training's size: where the crop looks, mirrored, turned, and with
// other light. Picture and truth go through the same matrix.

#include <opencv2/core.hpp>

#include "training/examples.hpp"
#include "training/random.hpp"
#include "training/recipe.hpp"

namespace gbrs {

/// The matrix from the crop's pixels (centres at whole numbers) to the picture's.
/// `object`: its box in the picture's pixels; `picture`, `crop`: sizes.
[[nodiscard]] cv::Matx23d draw_view(const GeometryRecipe& recipe, cv::Rect object, cv::Size picture, cv::Size crop,
                                    Random& random);

/// The crop that a matrix sees. Beyond the picture it goes on as in a mirror, and the truth there is ignored.
[[nodiscard]] Example render_view(const Example& example, const cv::Matx23d& from_crop, cv::Size crop);

/// Its picture alone, of 8 bits with any channels, with one of OpenCV's borders beyond what is there.
[[nodiscard]] cv::Mat render_picture(const cv::Mat& picture, const cv::Matx23d& from_crop, cv::Size crop, int border);

/// Changes a crop's light, colours and sharpness, in place.
void change_appearance(const AppearanceRecipe& recipe, cv::Mat& picture, Random& random);

/// A view in which the object is at least kMinVisiblePixels large: of several tries the first, at last the whole
/// picture.
[[nodiscard]] cv::Matx23d draw_good_view(const GeometryRecipe& recipe, const Example& example, cv::Size crop,
                                         Random& random);

inline constexpr int kMinVisiblePixels = 60;

}  // namespace gbrs
