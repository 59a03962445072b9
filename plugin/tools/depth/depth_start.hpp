// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <libgimp/gimp.h>

#include <optional>
#include <string>
#include <vector>

#include "gbrs/answer.hpp"
#include "gbrs/error.hpp"
#include "gbrs/model.hpp"
#include "gimp/bridge.hpp"
#include "tools/depth/depth_grey.hpp"

// What a depth layer goes on from: the greys of a layer or channel that the image has, as the argument "start" names
// it.

namespace gbrs::plugin {

struct StartName {
  std::string name;
  bool is_channel = false;
};

/// What there is to start from: layers, those in groups too, then channels whose names no layer has.
std::vector<StartName> start_names(GimpImage* image);

/// The layer, else the channel, of this name. Errors: not_found.
Expected<GimpDrawable*> start_named(GimpImage* image, const std::string& name);

/// Its greys where the picture is: of the image's size. Errors: unsupported (it does not cover the picture, or is all
/// there is of it), those of read_greys.
Expected<Map> read_start_greys(GimpImage* image, GimpDrawable* start);

/// An answer, small: for ranges. Errors: those of Answer::render.
Expected<Map> glance_at(const Answer& answer);

/// What the network says of a picture before anybody has said anything, small. Errors: those of the session.
Expected<Map> look_at(const Model& model, const Pixels& pixels);

}  // namespace gbrs::plugin
