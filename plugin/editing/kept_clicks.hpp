// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "canvas/painted.hpp"
#include "gbrs/error.hpp"
#include "gbrs/session.hpp"

// What the window keeps with the image (as a parasite: see parasite.hpp) from change to change, so that nothing is
// lost when the window closes or dies: the history, and all that its answer depends on. Written as JSON (without a task
// it is segment):
//
//   {"format": 1, "task": "segment", "model": "segment-small", "sha256": "…", "layer": "bmconv", "iterations": 20,
//   "start": "nothing",
//    "steps": [{"clicks": "120,80,+ 40.25,30.5,-,60", "refined": true},
//              {"clicks": "10,10,+,5 14,10,+,5", "refined": true, "stroke": true},
//              {"box": "10,20,300,200", "refined": true}],
//    "painted": "unknown,20:100,80 140,82"}
//
// Knows neither GTK nor GIMP.

namespace gbrs::plugin {

struct KeptClicks {
  Task task = Task::segment;
  std::string model;   ///< as the procedure's argument names it
  std::string sha256;  ///< of its weights
  std::string layer;   ///< "bmconv"
  std::string start;   ///< "nothing", "selection", ...: the procedure's choice, and what it says of the trimap
  int iterations = 0;  ///< 0: the model's own
  std::vector<Step> steps;
  std::vector<PaintedStroke> painted = {};

  bool operator==(const KeptClicks&) const = default;
};

[[nodiscard]] std::string to_json(const KeptClicks& kept);

/// Whoever wrote the image's file wrote this, so anything may be in it.
/// Errors: damaged, with a sentence for the user.
Expected<KeptClicks> parse_kept_clicks(std::string_view json);

}  // namespace gbrs::plugin
