// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "base/colour.hpp"
#include "gbrs/answer.hpp"
#include "gbrs/model.hpp"

// The kinds of things that a picture shows. Knows neither GTK nor GIMP.

namespace gbrs::plugin {

struct Kind {
  int number = 0;
  std::string name;
  double share = 0;  ///< of the picture, 0..1
  bool operator==(const Kind&) const = default;
};

/// Those of an answer, the largest first. Errors: those of Answer::render.
[[nodiscard]] Expected<std::vector<Kind>> kinds_of(const Answer& answer, const ModelInfo& model);

/// "cat, person".
[[nodiscard]] std::string joined_names(const std::vector<Kind>& kinds);

/// What is no thing: class 0 of models that say so.
[[nodiscard]] inline bool is_background(const ModelInfo& model, int number) {
  return number == 0 && !model.classes.empty() && model.classes.front() == "background";
}

/// A colour of its own for each class; grey for the background.
[[nodiscard]] Colour kind_colour(const ModelInfo& model, int number);

}  // namespace gbrs::plugin
