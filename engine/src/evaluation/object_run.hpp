// SPDX-License-Identifier: Apache-2.0
#pragma once

// One object from the first simulated click to the last.

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "evaluation/object_result.hpp"
#include "evaluation/protocol.hpp"
#include "evaluation/segmenter.hpp"
#include "evaluation/truth.hpp"
#include "gbrs/error.hpp"
#include "gbrs/image.hpp"

namespace gbrs {

struct ObjectRun {
  ObjectResult result;
  std::vector<std::uint8_t> after_first;  ///< prediction after the first click, 0 or 1
  std::vector<std::uint8_t> after_last;
};

/// Clicks on the object `name` of `image` as `protocol` says; the truth has the image's size and an object.
/// Errors: those of the segmenter.
Expected<ObjectRun> run_object(const Segmenter& segmenter, ImageView image, const Truth& truth, const std::string& name,
                               const Protocol& protocol);

}  // namespace gbrs
