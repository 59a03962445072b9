// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the known parts of a trimap say of the unknown one by colours alone: an estimate that a matting network begins
// with.

#include "layers/tensor.hpp"

namespace gbrs {

/// Colours [B,3,H,W] of the pixels that `known` [B,1,H,W] (0 or 1) has, spread over all others: a pixel takes the mean
/// of the known ones around it, from as small a neighbourhood as has some (sums over ever larger cells and back, push
/// and pull: S. Gortler et al., The Lumigraph, doi:10.1145/237170.237200, section 3.4). Zeros where nothing is known.
[[nodiscard]] Tensor spread_colours(const Tensor& colours, const Tensor& known);

/// How far each colour is on the way from `background` to `object`, all [B,3,H,W] from -1 to 1: 0 to 1 [B,1,H,W],
/// towards 1/2 where the two are alike.
[[nodiscard]] Tensor way_between(const Tensor& colours, const Tensor& object, const Tensor& background);

}  // namespace gbrs
