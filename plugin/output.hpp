// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <libgimp/gimp.h>

#include "coverage.hpp"

// From a coverage to something of GIMP's: selection, layer mask, channel or new layer, in one undo step.

namespace gbrs::plugin {

/// The values are the ids of the procedure's choice.
enum class Output { selection, layer_mask, channel, new_layer, cut_out };

struct Target {
  GimpImage* image = nullptr;
  GimpLayer* layer = nullptr;  ///< for layer_mask, new_layer and cut_out; else may be missing
  Output output = Output::selection;
  Operation operation = Operation::replace;
};

/// The one layer that a call's drawables mean: a layer, or the layer of a selected layer mask. Null when
/// there is none or more than one.
GimpLayer* target_layer(GimpDrawable** drawables);

/// Why the coverage of a picture of this size cannot be written, as a sentence for the user. To be asked
/// before anything is written: a write to a locked layer ends the plug-in.
Expected<void> check_target(const Target& target, int width, int height);

/// Combines the coverage with the selection and writes it. Checks first; on an error the image is unchanged.
/// Layer mask: an existing mask is replaced. New layer: a copy of the layer, above it, with the coverage as
/// its mask (a mask that the layer had is applied to the copy before). Cut-out: the same with the mask applied.
Expected<void> write_output(const Target& target, Coverage coverage);

}  // namespace gbrs::plugin
