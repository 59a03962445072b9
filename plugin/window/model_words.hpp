// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>

#include "gbrs/model.hpp"

// What a choice of models calls them. Knows neither GTK nor GIMP.

namespace gbrs::plugin {

/// The name; of a script, which runs code, that it is one.
[[nodiscard]] std::string model_label(const ModelInfo& model);

/// What the choice is for; with a script among the models, what choosing that means.
[[nodiscard]] std::string models_tooltip(std::span<const ModelInfo> models);

}  // namespace gbrs::plugin
