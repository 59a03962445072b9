// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

typedef struct _GimpPlugIn GimpPlugIn;
typedef struct _GimpProcedure GimpProcedure;

namespace gbrs::plugin {

inline constexpr const char* kFollowProcedure = "plug-in-gbrs-follow-path";

/// Select > Object Follows Path: as long as its small window is open, the selection follows the anchors of the image's
/// chosen path. Without a window it selects once, as kHintProcedures do.
GimpProcedure* create_follow_procedure(GimpPlugIn* plug_in);

}  // namespace gbrs::plugin
