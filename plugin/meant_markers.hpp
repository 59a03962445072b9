// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "intention.hpp"
#include "markers.hpp"

namespace gbrs::plugin {

/// The markers as they will be when the gesture ends that means this. `focus` goes to a new one.
void show_meant(const Intention& meant, std::vector<Marker>& markers, MarkerFocus& focus);

}  // namespace gbrs::plugin
