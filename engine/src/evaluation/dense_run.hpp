// SPDX-License-Identifier: Apache-2.0
#pragma once

// One image from the network's own answer to the last simulated click.

#include <string>

#include "evaluation/dense_result.hpp"
#include "evaluation/dense_truth.hpp"
#include "evaluation/protocol.hpp"
#include "gbrs/error.hpp"
#include "gbrs/model.hpp"

namespace gbrs {

/// Clicks on the image `name` as `protocol` says, through a Session of `model`; the truth has the image's size. Where
/// no error is left, no click is given and the last score counts. Errors: those of the session.
Expected<DenseResult> run_image(const Model& model, ImageView image, const DenseTruth& truth, std::string name,
                                const Protocol& protocol);

}  // namespace gbrs
