// SPDX-License-Identifier: Apache-2.0
#pragma once

// How far a click reaches, for networks that obey clicks already (method.md, Region; not in the paper): the pixels
// within its radius that look like the clicked one, and unlike those clicked with another target, should follow it.
//
//   w_j = sigmoid(25 (s_j - tau)) sigmoid(40 (s_j - o_j - 0.03))      within rho r of the click, else 0
//
// s_j is the mean over the given feature levels of the cosine between the features at j and at the click, o_j the
// largest such likeness of j to any click of another target (the second factor is 1 while there is none).

#include <span>

#include "layers/tensor.hpp"
#include "objectives/objective.hpp"

namespace gbrs {

struct RegionOptions {
  double weight = 0;      ///< a: of the loss against L_r and L_c; 0: off
  double likeness = 0.9;  ///< tau
  double reach = 0.7;     ///< rho
};

/// The region of `clicks[index]` on a grid of height x width. `levels`: features [1,C,h,w] whose corners lie on the
/// grid's.
[[nodiscard]] Region region_of(std::span<const GridClick> clicks, std::size_t index, std::span<const Tensor> levels,
                               std::int64_t height, std::int64_t width, const RegionOptions& options);

}  // namespace gbrs
