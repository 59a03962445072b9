// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gdk/gdk.h>

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
  toggle_tint,
  toggle_clicks,
  // the click that is meant: under the pointer, or chosen
  flip,
  remove,
  grow_radius,
  shrink_radius,
  automatic_radius,
};

[[nodiscard]] Command command_of(const GdkEventKey& event);

}  // namespace gbrs::plugin
