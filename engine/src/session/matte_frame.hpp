// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "imaging/trimap.hpp"
#include "models/manifest.hpp"
#include "session/frame.hpp"

namespace gbrs {

/// What a network of mattes looks at: what is unknown with its surroundings, at the picture's own scale if that is not
/// too large for it, and never larger. `image_width` and `image_height` are the trimap's.
Frame matte_frame(const Trimap& trimap, int image_width, int image_height, const InputSettings& settings);

}  // namespace gbrs
