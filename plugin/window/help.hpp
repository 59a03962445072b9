// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>

namespace gbrs::plugin {

/// Opens the help page in the user's language, else in English, with the program that is for such pages, and does not
/// wait for it; `on_error` is called when there is no page or no program.
void open_help(const std::function<void(const std::string& message)>& on_error);

}  // namespace gbrs::plugin
