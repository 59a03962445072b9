// SPDX-License-Identifier: Apache-2.0
#pragma once

// Objects made of random numbers, with coverages that cut-outs rarely have. The generators know nothing of how real
// hair or glass looks beyond its coverage: strands thinner than a pixel, threads and holes, smooth partial coverage.

#include <string_view>

#include "training/composites.hpp"

namespace gbrs {

/// `kind`, of kGeneratedKinds:
///   hair   a body with long curved strands    fur    a body with short dense ones
///   lace   threads of a warped net            glass  smooth partial coverage with denser rims and highlights
///   blur   a body out of focus or in motion
/// `texture` CV_8UC3 has the crop's size; colours are taken from it.
[[nodiscard]] MatteLayer generated_layer(std::string_view kind, const cv::Mat& texture, Random& random);

}  // namespace gbrs
