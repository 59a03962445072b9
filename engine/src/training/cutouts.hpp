// SPDX-License-Identifier: Apache-2.0
#pragma once

// Cut-outs (colours and coverage) pasted on pictures: objects with exact edges, hair, and any surroundings.

#include "training/examples.hpp"

namespace gbrs {

/// Pairs CUTOUTS/fg, CUTOUTS/alpha, and the backgrounds' folders. Errors: not_found, io, invalid_argument.
[[nodiscard]] Expected<std::unique_ptr<ExampleSource>> open_cutouts(const DataRecipe& data,
                                                                    const TrainingFolder& folder,
                                                                    std::shared_ptr<PictureCache> cache);

/// Other light than the background's, in place.
void change_light(cv::Mat& colours, Random& random);

/// The pictures of several folders. Errors: those of TrainingFolder::pictures.
[[nodiscard]] Expected<std::vector<std::vector<PictureFiles>>> open_backgrounds(const DataRecipe& data,
                                                                                const TrainingFolder& folder);

/// I = a F + (1 - a) B in 8 bits, in place; all of one size, `coverage` CV_8UC1 0..255.
void paste(cv::Mat& background, const cv::Mat& colours, const cv::Mat& coverage);

}  // namespace gbrs
