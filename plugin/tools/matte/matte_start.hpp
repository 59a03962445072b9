// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <libgimp/gimp.h>

#include "gbrs/session.hpp"
#include "gimp/output.hpp"
#include "gimp/start.hpp"

// What says where the object is before a matte is computed: the procedure's arguments "start", "band" and "keep".

namespace gbrs::plugin {

/// Of the choice "start", beside those of Start: the selected channel is a trimap.
inline constexpr int kTrimapStart = static_cast<int>(Start::channel) + 1;

/// Begins with something that there is, if the last run's start is not there now. Errors: invalid_argument (there is
/// nothing to begin with, in a sentence for the user who sees no choice yet).
Expected<void> choose_start(const Target& target, GimpProcedureConfig* config);

/// The trimap, and what to go on from if that is wanted. Errors: those of read_start and trimap_of.
Expected<void> read_known(const Target& target, GimpProcedureConfig* config, SessionOptions& options);

}  // namespace gbrs::plugin
