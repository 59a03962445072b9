// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "gbrs/answer.hpp"
#include "gbrs/model.hpp"
#include "gimp/output.hpp"
#include "gimp/result.hpp"
#include "tools/semantic/kinds.hpp"

namespace gbrs::plugin {

/// Why kinds of things in a picture of this size cannot be written, as check_target(); an image that takes no colours
/// is unsupported for labels.
Expected<void> check_kinds(const Target& target, int width, int height);

/// One selection of all of these kinds, something for each of them with its name, or a layer with the colours of all
/// that were found.
std::unique_ptr<Result> kinds_result(const Target& target, const Answer& answer, const ModelInfo& model,
                                     const std::vector<Kind>& kinds);

}  // namespace gbrs::plugin
