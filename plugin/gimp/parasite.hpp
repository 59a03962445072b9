// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <libgimp/gimp.h>

#include <optional>
#include <string>

#include "gbrs/task.hpp"

// The text that a task's window keeps with an image. It is saved in XCF files, adds no undo step and does not mark the
// image as changed.

namespace gbrs::plugin {

/// Replaces what was kept before.
void attach_text(GimpImage* image, Task task, const std::string& text);
[[nodiscard]] std::optional<std::string> attached_text(GimpImage* image, Task task);

}  // namespace gbrs::plugin
