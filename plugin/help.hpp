// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtk/gtk.h>

#include "gbrs/error.hpp"

namespace gbrs::plugin {

/// Opens the help page in the user's language, else in English, with the program that is for such pages.
/// Errors: not_found (no page beside the plug-in), unavailable (no program).
Expected<void> open_help(GtkWindow* parent);

}  // namespace gbrs::plugin
