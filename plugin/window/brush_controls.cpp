// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/brush_controls.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/signal.hpp"

namespace gbrs::plugin {
namespace {

constexpr double kFirstRadius = 12;  // device pixels: about as broad as a finger's width of hair on the screen
constexpr double kStep = 1.25;       // a key's worth, but at least an image pixel
constexpr double kMostRadius = 1000;

}  // namespace

BrushControls::BrushControls(Canvas& canvas, const WindowLayout& layout, Callbacks callbacks)
    : canvas_(canvas), button_(GTK_TOGGLE_BUTTON(layout.brush)), callbacks_(std::move(callbacks)) {
  g_signal_connect(button_, "toggled", G_CALLBACK(Signal<&BrushControls::toggled>::emitted), this);
}

bool BrushControls::obey(Command command) {
  if (command == Command::toggle_brush) {
    take(!is_in_hand());
    return true;
  }
  if (!is_in_hand()) return false;
  if (command == Command::grow_radius) {
    set_radius(std::max(*radius_ * kStep, *radius_ + 1));
    return true;
  }
  if (command == Command::shrink_radius) {
    set_radius(std::min(*radius_ / kStep, *radius_ - 1));
    return true;
  }
  return false;
}

void BrushControls::take(bool is_wanted) { gtk_toggle_button_set_active(button_, is_wanted ? TRUE : FALSE); }

bool BrushControls::put_away() {
  if (!is_in_hand()) return false;
  take(false);
  return true;
}

void BrushControls::toggled() {
  if (is_in_hand()) {
    set_radius(radius_.value_or(kFirstRadius / canvas_.scale()));
  } else {
    canvas_.set_brush(std::nullopt);
  }
  callbacks_.taken(is_in_hand());
}

void BrushControls::set_radius(double radius) {
  radius_ = std::clamp(std::round(radius), 1.0, kMostRadius);
  canvas_.set_brush(radius_);
  g_debug("brush: %.0f", *radius_);
}

}  // namespace gbrs::plugin
