// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "gbrs/gbrs.hpp"
#include "mask_file.hpp"

namespace gbrs::cli {

/// Reads a picture, clicks on it one by one, and writes the mask. Errors: those of reading, of the session and of
/// writing; then no mask is written.
Expected<Answer> cut_out(const Model& model, SessionOptions options, const std::string& image,
                         std::span<const Step> steps, const MaskFormat& format);

}  // namespace gbrs::cli
