// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <libgimp/gimp.h>

#include <optional>

#include "gbrs/error.hpp"
#include "gbrs/image.hpp"

// What is selected before the first click: nothing, or a coverage that the image has already.

namespace gbrs::plugin {

/// The values are the ids of the procedure's choice.
enum class Start { nothing, selection, layer_mask, alpha, channel };

/// Whether read_start would find something. Start::nothing always is there.
bool has_start(GimpImage* image, GimpLayer* layer, Start start);

/// The coverage to start from, of the image's size, 0..1; none for Start::nothing. `layer` is the one whose mask or
/// alpha is meant; beyond its edges nothing is covered. The channel is the one selected in the Channels dialog.
/// Errors: invalid_argument when the image has no such thing (an empty selection counts as none).
Expected<std::optional<Map>> read_start(GimpImage* image, GimpLayer* layer, Start start);

}  // namespace gbrs::plugin
