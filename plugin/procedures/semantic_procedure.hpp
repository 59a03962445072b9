// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

typedef struct _GimpPlugIn GimpPlugIn;
typedef struct _GimpProcedure GimpProcedure;

namespace gbrs::plugin {

inline constexpr const char* kSemanticProcedure = "plug-in-gbrs-semantic";

/// Selecting by kinds of things: persons, cats, the sky.
GimpProcedure* create_semantic_procedure(GimpPlugIn* plug_in);

}  // namespace gbrs::plugin
