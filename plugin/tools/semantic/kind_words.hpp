// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "gbrs/model.hpp"

namespace gbrs::plugin {

/// A class in the user's language; as the model names it where there is no translation. For display alone: arguments,
/// channels and layers have the model's names.
[[nodiscard]] std::string kind_words(const ModelInfo& model, int number);

}  // namespace gbrs::plugin
