// SPDX-License-Identifier: Apache-2.0
#pragma once

// What `gbrs bench` works on: a picture and, for every task, clicks that ask for something.

#include <vector>

#include "gbrs/gbrs.hpp"
#include "picture_file.hpp"

namespace gbrs::cli {

/// A bright, textured disc on a duller ground: something to find for every model.
PictureFile built_in_picture(int width, int height);

/// matte: what is known of the built-in picture's disc; its edge is not.
Trimap built_in_trimap(int width, int height);

struct PictureSize {
  int width = 0, height = 0;
};

/// Clicks around the middle (for matte on the disc's edge), as somebody makes them who looks at the answer: of another
/// value than what the session's answer has there before any click; for segment, where there is none, every second one
/// with a radius. Errors: those of the session and of rendering.
Expected<std::vector<Click>> bench_clicks(const Model& model, Session& session, PictureSize size);

}  // namespace gbrs::cli
