// SPDX-License-Identifier: Apache-2.0
#pragma once

// A step of given direction, made as long as it has to be (method.md, push_scale): Adam's first step has its rate's
// length, whatever was asked for.

#include <functional>
#include <vector>

#include "layers/tensor.hpp"

namespace gbrs {

/// Moves `parameters` along the line from `before` through where they are, until `share()`, which part of the wanted
/// way is made with the parameters as they are, is 1 to some percent. At most 12 evaluations. A direction that leads
/// away from the goal ends near `before`.
void search_step_length(const std::vector<Tensor>& before, const std::vector<Tensor>& parameters,
                        const std::function<double()>& share);

/// Values that stay when the parameters move.
[[nodiscard]] std::vector<Tensor> copies(const std::vector<Tensor>& parameters);

}  // namespace gbrs
