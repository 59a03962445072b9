// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <libgimp/gimp.h>

#include <memory>

#include "editing/editing.hpp"
#include "gimp/bridge.hpp"
#include "gimp/output.hpp"
#include "gimp/result.hpp"

namespace gbrs::plugin {

/// What can be said before anything is computed, when the image is to have this size. Errors: those of check_target;
/// unsupported (an image that takes no colours).
Expected<void> check_matte(const Target& target, int width, int height);

/// A matte as the selection, a mask, a channel, or a new layer of what is visible in the object's own colours.
/// `pixels`: the picture that was looked at; needed for a new layer only.
std::unique_ptr<Result> matte_result(Target target, Detailed answer, std::shared_ptr<const Pixels> pixels);

}  // namespace gbrs::plugin
