// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace gbrs::plugin {

/// The engine speaks English: one of its sentences in the user's language, where there is a translation. What is
/// translated already stays as it is.
[[nodiscard]] std::string in_users_words(const std::string& sentence);

}  // namespace gbrs::plugin
