// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <libgimp/gimp.h>

#include <vector>

#include "gbrs/step.hpp"

namespace gbrs::plugin {

/// The anchors of the selected paths (of all, where none is selected), and then those of the paths whose names begin
/// with "exclude", as clicks: these exclude, the others include. Some may lie outside the picture.
[[nodiscard]] std::vector<Click> clicks_of_paths(GimpImage* image);

/// Each of them as a step. Errors: invalid_argument (there is none).
[[nodiscard]] Expected<std::vector<Step>> steps_of_paths(GimpImage* image);

}  // namespace gbrs::plugin
