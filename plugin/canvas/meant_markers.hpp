// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <vector>

#include "canvas/intention.hpp"
#include "canvas/markers.hpp"

namespace gbrs::plugin {

/// Of what a press would add.
using LookOf = std::function<MarkerLook(bool is_primary)>;

/// The markers as they will be when the gesture ends that means this. `focus` goes to a new one.
void show_meant(const Intention& meant, const LookOf& look_of, std::vector<Marker>& markers, MarkerFocus& focus);

}  // namespace gbrs::plugin
