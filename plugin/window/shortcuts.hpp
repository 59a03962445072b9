// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gdk/gdk.h>

#include <cstddef>
#include <optional>

#include "canvas/intention.hpp"

// Which key means what in the window; the canvas has a few of its own (canvas.hpp).

namespace gbrs::plugin {

enum class Command {
  none,
  undo,
  redo,
  escape,
  fit,
  actual_size,
  zoom_in,
  zoom_out,
  toggle_brush,
  toggle_preview,
  toggle_clicks,
  toggle_folded,
  help,
  // as long as the key is held
  compare_original,
  compare_previous,
  // the click that is meant: under the pointer, or chosen
  flip,
  remove,
  grow_radius,
  shrink_radius,
  automatic_radius,
};

/// The letter, in lower case, of a key without Ctrl and Alt; 0: it is none.
[[nodiscard]] char letter_of(const GdkEventKey& event);

/// The key's command, pressed or released. Text being written somewhere keeps its keys: see is_for_text().
[[nodiscard]] Command command_of(const GdkEventKey& event);

/// What the commands for one click mean for this one. `radius` is its radius, as far as it is known.
[[nodiscard]] Intention intention_of(Command command, std::size_t click, std::optional<double> radius);

/// Whether somebody who writes into a text field means the field with this key.
[[nodiscard]] bool is_for_text(const GdkEventKey& event);

}  // namespace gbrs::plugin
