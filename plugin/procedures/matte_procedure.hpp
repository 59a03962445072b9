// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

typedef struct _GimpPlugIn GimpPlugIn;
typedef struct _GimpProcedure GimpProcedure;

namespace gbrs::plugin {

inline constexpr const char* kMatteProcedure = "plug-in-gbrs-matte";

/// How opaque an object's hair, fur or glass is, from a rough mask of it.
GimpProcedure* create_matte_procedure(GimpPlugIn* plug_in);

}  // namespace gbrs::plugin
