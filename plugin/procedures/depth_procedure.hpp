// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

typedef struct _GimpPlugIn GimpPlugIn;
typedef struct _GimpProcedure GimpProcedure;

namespace gbrs::plugin {

inline constexpr const char* kDepthProcedure = "plug-in-gbrs-depth";

/// A depth layer: how far away what each pixel shows is.
GimpProcedure* create_depth_procedure(GimpPlugIn* plug_in);

}  // namespace gbrs::plugin
