// SPDX-License-Identifier: Apache-2.0
#pragma once

// Attention masks (method.md, Attention): where an answer is free to change after a click, and how far a
// click reaches when the user did not say.

#include <span>

#include "layers/tensor.hpp"
#include "objectives/objective.hpp"

namespace gbrs {

/// A distance up to radius + kDiscMargin is inside a disc, so that a radius sqrt(k) frees its own pixels in
/// every precision.
inline constexpr double kDiscMargin = 1e-6;

enum class MaskShape {
  disc,      ///< 0 within the radius, 1 elsewhere (segmentation, semantic)
  gaussian,  ///< 1 - exp(-d^2 / (2 r^2)) (matting, depth); r = 0: 0 on the clicked pixel only
};

/// The mask M [height,width] of one click, float64 on the CPU.
[[nodiscard]] Tensor attention_mask(MaskShape shape, const GridClick& click, std::int64_t height, std::int64_t width);

/// Several clicks in one step (method.md, JOINED): the product of their masks, all ones without clicks.
[[nodiscard]] Tensor attention_mask(MaskShape shape, std::span<const GridClick> clicks, std::int64_t height,
                                    std::int64_t width);

/// Smallest and largest automatic radius, in parts of the grid's diagonal (method.md, AUTORADIUS).
inline constexpr double kAutoRadiusSmallest = 0.02;
inline constexpr double kAutoRadiusLargest = 0.5;

/// The attention radius of a click that brought none (method.md, AUTORADIUS): the largest distance from the
/// click to the 8-connected region, holding the click, of the pixels whose label changed between `before`
/// and `first`; if the click's pixel did not change, to the region of `before`'s label around it. Both are
/// boolean or numbers of classes [H,W]; `before` undefined means 0 everywhere.
[[nodiscard]] double auto_radius(const Tensor& before, const Tensor& first, double u, double v);

}  // namespace gbrs
