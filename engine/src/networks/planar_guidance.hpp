// SPDX-License-Identifier: Apache-2.0
#pragma once

// Local planar guidance of BTS: every cell of a coarse map says a plane, and the pixels of the cell get its depth.

#include <string>
#include <vector>

#include "networks/convolution.hpp"

namespace gbrs {

/// A chain of 1x1 convolutions, ELU after all but the last.
struct Reduction {
  std::vector<Convolution> chain;

  [[nodiscard]] Tensor operator()(const Tensor& x) const;
};

/// Takes KEY.reduc.inter_A_B.0 from A = `in` down to B = 8, then KEY.reduc.plane_params with three outputs or, for a
/// map of one channel, KEY.reduc.final.0.
[[nodiscard]] Reduction take_reduction(Weights& weights, const std::string& key, std::int64_t in, bool is_planar);

/// Raw outputs [B,3,h,w] -> unit normals and distance [B,4,h,w]: angles of the normal, distance up to `max_depth`.
[[nodiscard]] Tensor planes(const Tensor& raw, double max_depth);

/// [B,4,h,w] -> depth [B,1,r h,r w]: d / (n1 u + n2 v + n3) with u, v of -1/2..1/2 across the cell.
[[nodiscard]] Tensor plane_depth(const Tensor& planes, std::int64_t r);

}  // namespace gbrs
