// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/semantic/kinds.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <functional>

namespace gbrs::plugin {

Expected<std::vector<Kind>> kinds_of(const Answer& answer, const ModelInfo& model) {
  constexpr double kGlance = 512;  // pixels of the longer side: areas need no more
  const double scale = std::min(1.0, kGlance / std::max(answer.image_width(), answer.image_height()));
  const auto labels = answer.render({0, 0, std::max(1, static_cast<int>(answer.image_width() * scale)),
                                     std::max(1, static_cast<int>(answer.image_height() * scale))},
                                    scale);
  if (!labels) return std::unexpected(labels.error());
  std::vector<Kind> kinds;
  for (const int number : answer.classes()) {
    const auto count = std::ranges::count(labels->values, static_cast<float>(number));
    const double share =
        static_cast<double>(count) / static_cast<double>(std::max<std::size_t>(labels->values.size(), 1));
    kinds.push_back({number, model.class_name(number), share});
  }
  std::ranges::sort(kinds, std::greater{}, &Kind::share);
  return kinds;
}

std::string joined_names(const std::vector<Kind>& kinds) {
  std::string names;
  for (const Kind& kind : kinds) names += (names.empty() ? "" : ", ") + kind.name;
  return names;
}

Colour kind_colour(const ModelInfo& model, int number) {
  if (is_background(model, number)) return {0.45, 0.45, 0.45};
  // neighbours in the list lie far from each other on the colour wheel
  constexpr double kGoldenTurn = 0.618033988749895;
  constexpr std::array kBrightness{0.95, 0.70};
  constexpr double kSaturation = 0.85;
  const double hue = 6 * std::fmod(number * kGoldenTurn, 1.0);
  const double brightness = kBrightness.at(static_cast<std::size_t>(number) / 3 % kBrightness.size());
  const auto channel = [&](double offset) {
    const double place = std::fmod(offset + hue, 6.0);
    return brightness * (1 - kSaturation * std::clamp(std::min(place, 4 - place), 0.0, 1.0));
  };
  return {channel(5), channel(3), channel(1)};
}

}  // namespace gbrs::plugin
