// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a matting training makes small.

#include "layers/tensor.hpp"
#include "training/recipe.hpp"

namespace gbrs {

/// With the error e = alpha - truth in the unknown band, 0 elsewhere, and n the band's pixels in the batch:
///
///   sum |e| / n  +  composition sum |e| contrast / n  +  pyramid sum_k 2^k sum |L_k(e)| / n,   k = 0 to 4
///
/// The first two are those of N. Xu et al., Deep Image Matting (arXiv:1703.03872, eq. 1 and 2): where colours are
/// I = a F + (1 - a) B, an error of alpha is one of |F - B| times as much in the colours. The third is the Laplacian
/// pyramid loss (Q. Hou, F. Liu, arXiv:1909.09725), of which level k has a 4^k-th of the pixels.
/// alpha, truth, unknown (0 or 1) and contrast [B,1,H,W] in float32; a number.
[[nodiscard]] Tensor matte_loss(const Tensor& alpha, const Tensor& truth, const Tensor& unknown, const Tensor& contrast,
                                const MatteLossRecipe& recipe);

}  // namespace gbrs
