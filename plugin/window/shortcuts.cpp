// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/shortcuts.hpp"

#include <gtk/gtk.h>

#include <algorithm>
#include <cmath>

namespace gbrs::plugin {
namespace {

constexpr guint kControl = GDK_CONTROL_MASK;
constexpr guint kControlShift = GDK_CONTROL_MASK | GDK_SHIFT_MASK;

// Keys with Ctrl, and the exact modifiers.
struct ControlKey {
  guint key;
  guint modifiers;
  Command command;
};
constexpr ControlKey kControlKeys[] = {
    {GDK_KEY_z, kControl, Command::undo},
    {GDK_KEY_z, kControlShift, Command::redo},
    {GDK_KEY_y, kControl, Command::redo},
    {GDK_KEY_j, kControlShift, Command::fit},  // as in GIMP's image window
};

// Keys without Ctrl and Alt; whether a sign needs Shift is the keyboard's business.
struct PlainKey {
  guint key;
  Command command;
};
constexpr PlainKey kPlainKeys[] = {
    {GDK_KEY_Escape, Command::escape},
    {GDK_KEY_0, Command::fit},
    {GDK_KEY_KP_0, Command::fit},
    {GDK_KEY_1, Command::actual_size},
    {GDK_KEY_KP_1, Command::actual_size},
    {GDK_KEY_plus, Command::zoom_in},
    {GDK_KEY_equal, Command::zoom_in},
    {GDK_KEY_KP_Add, Command::zoom_in},
    {GDK_KEY_minus, Command::zoom_out},
    {GDK_KEY_KP_Subtract, Command::zoom_out},
    {GDK_KEY_s, Command::toggle_brush},
    {GDK_KEY_v, Command::toggle_preview},
    {GDK_KEY_F9, Command::toggle_clicks},
    {GDK_KEY_F8, Command::toggle_folded},
    {GDK_KEY_F1, Command::help},
    {GDK_KEY_o, Command::compare_original},
    {GDK_KEY_p, Command::compare_previous},
    {GDK_KEY_f, Command::flip},
    {GDK_KEY_Delete, Command::remove},
    {GDK_KEY_KP_Delete, Command::remove},
    {GDK_KEY_BackSpace, Command::remove},
    {GDK_KEY_bracketright, Command::grow_radius},
    {GDK_KEY_bracketleft, Command::shrink_radius},
    {GDK_KEY_a, Command::automatic_radius},
};

}  // namespace

Command command_of(const GdkEventKey& event) {
  const guint modifiers = event.state & gtk_accelerator_get_default_mod_mask();
  const guint key = gdk_keyval_to_lower(event.keyval);
  for (const ControlKey& entry : kControlKeys) {
    if (entry.key == key && entry.modifiers == modifiers) return entry.command;
  }
  if ((modifiers & (GDK_CONTROL_MASK | GDK_MOD1_MASK)) != 0) return Command::none;
  for (const PlainKey& entry : kPlainKeys) {
    if (entry.key == key) return entry.command;
  }
  return Command::none;
}

char letter_of(const GdkEventKey& event) {
  const guint modifiers = event.state & gtk_accelerator_get_default_mod_mask();
  const guint key = gdk_keyval_to_lower(event.keyval);
  const bool is_letter = key >= GDK_KEY_a && key <= GDK_KEY_z && (modifiers & (GDK_CONTROL_MASK | GDK_MOD1_MASK)) == 0;
  return is_letter ? static_cast<char>(key) : '\0';
}

Intention intention_of(Command command, std::size_t click, std::optional<double> radius) {
  constexpr double kStep = 1.1;  // a key's worth of radius, but at least a pixel
  switch (command) {
    case Command::flip:
      return FlipClick{click};
    case Command::remove:
      return RemoveClick{click};
    case Command::automatic_radius:
      return SetRadius{click, std::nullopt};
    case Command::grow_radius:
      if (radius) return SetRadius{click, std::round(std::max(*radius * kStep, *radius + 1))};
      return {};
    case Command::shrink_radius:
      if (radius) return SetRadius{click, std::max(1.0, std::round(std::min(*radius / kStep, *radius - 1)))};
      return {};
    default:
      return {};
  }
}

bool is_for_text(const GdkEventKey& event) {
  const guint modifiers = event.state & gtk_accelerator_get_default_mod_mask();
  if ((modifiers & GDK_MOD1_MASK) != 0) return false;
  // GTK 3's entries have no undo of their own
  if ((modifiers & GDK_CONTROL_MASK) != 0) return command_of(event) == Command::none;
  return event.keyval < GDK_KEY_F1 || event.keyval > GDK_KEY_F12 ? event.keyval != GDK_KEY_Escape : false;
}

}  // namespace gbrs::plugin
