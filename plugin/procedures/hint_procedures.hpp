// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>

typedef struct _GimpPlugIn GimpPlugIn;
typedef struct _GimpProcedure GimpProcedure;

// Selecting by what is drawn on GIMP's own canvas: menu entries without a window, to which users can bind keys.

namespace gbrs::plugin {

inline constexpr std::array kHintProcedures{"plug-in-gbrs-select-from-selection", "plug-in-gbrs-select-from-path",
                                            "plug-in-gbrs-select-from-strokes"};

/// `name` is one of kHintProcedures.
GimpProcedure* create_hint_procedure(GimpPlugIn* plug_in, const char* name);

}  // namespace gbrs::plugin
