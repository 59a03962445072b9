// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <libgimp/gimp.h>

// plug-in-gbrs-select, Select > Object by Clicks…: the procedure, its arguments, and its three ways to run
// (in a window, with arguments, with the last values).

namespace gbrs::plugin {

inline constexpr const char* kSelectProcedure = "plug-in-gbrs-select";

/// Cheap: GIMP asks for it at each query and at each run.
GimpProcedure* create_select_procedure(GimpPlugIn* plug_in);

}  // namespace gbrs::plugin
