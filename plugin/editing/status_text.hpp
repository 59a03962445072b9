// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "gbrs/answer.hpp"
#include "gbrs/session.hpp"

// The status line's sentences.

namespace gbrs::plugin {

/// What the engine does; empty when it does nothing. `looking`: what to call the way to the first answer to a click.
[[nodiscard]] std::string progress_text(const Progress& progress, const char* looking);

/// How much of the history's current step is done, 0..1; none when the engine does nothing.
[[nodiscard]] std::optional<double> progress_fraction(const Progress& progress);

/// How the last step went: how long it took, which clicks are not obeyed and why; without any, `what_to_do`.
[[nodiscard]] std::string answer_text(const Answer& answer, const char* what_to_do);

/// How many strokes are painted over the trimap, and where they are seen; empty for none.
[[nodiscard]] std::string painted_text(std::size_t strokes);

/// Whether one click is obeyed, and why not: a few words.
[[nodiscard]] std::string verdict_text(const ClickVerdict& verdict);

}  // namespace gbrs::plugin
