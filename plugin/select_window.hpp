// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "gbrs/gbrs.hpp"
#include "output.hpp"

typedef struct _GimpProcedureConfig GimpProcedureConfig;

namespace gbrs::plugin {

/// Shows the window and runs a main loop until it closes. The window's choices of output and operation are
/// bound to `config`. Returns the answer that was applied to the image; none when the user cancelled or
/// closed the image.
std::optional<Answer> run_select_window(const Target& target, Model model, SessionOptions options,
                                        GimpProcedureConfig* config);

}  // namespace gbrs::plugin
