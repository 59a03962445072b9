// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <libgimp/gimp.h>

#include <string>

#include "gimp/coverage.hpp"

// What an answer may become in GIMP, and whether it can: selection, layer mask, channel or new layer; or a layer of the
// colours of kinds of things (kinds_result.hpp).

namespace gbrs::plugin {

/// The values are the ids of the procedure's choice.
enum class Output { selection, layer_mask, channel, new_layer, cut_out, labels };

struct Target {
  GimpImage* image = nullptr;
  GimpLayer* layer = nullptr;  ///< for layer_mask, new_layer and cut_out; else may be missing
  Output output = Output::selection;
  Operation operation = Operation::replace;
  std::string name = {};  ///< of a new channel or layer; empty: the tool's
  /// new_layer: what becomes one, not in the image yet; whoever writes owns it then. Null: a copy of `layer`.
  GimpLayer* new_layer = nullptr;
};

/// The one layer that a call's drawables mean: a layer, or the layer of a selected layer mask. Null when
/// there is none or more than one.
GimpLayer* target_layer(GimpDrawable** drawables);

/// Why the coverage of a picture of this size cannot be written, as a sentence for the user. To be asked
/// before anything is written: a write to a locked layer ends the plug-in.
Expected<void> check_target(const Target& target, int width, int height);

}  // namespace gbrs::plugin
