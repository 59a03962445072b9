// SPDX-License-Identifier: Apache-2.0
#include "evaluation/truth.hpp"

#include <algorithm>
#include <cassert>

namespace gbrs {

bool Truth::has_object() const { return std::ranges::find(labels, kObjectLabel) != labels.end(); }

Truth truth_from_codes(std::span<const std::uint8_t> codes, int width, int height, const MaskCodes& meaning) {
  assert(codes.size() == static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  Truth truth{.width = width, .height = height, .labels = std::vector<int>(codes.size())};
  std::ranges::transform(codes, truth.labels.begin(), [&](int code) {
    if (code == meaning.object || (meaning.has_higher && code > meaning.object)) return kObjectLabel;
    return meaning.ignore == code ? kIgnoredLabel : kBackgroundLabel;
  });
  return truth;
}

std::vector<std::uint8_t> predicted_pixels(const Map& coverage) {
  std::vector<std::uint8_t> pixels(coverage.values.size());
  std::ranges::transform(coverage.values, pixels.begin(),
                         [](float value) { return static_cast<std::uint8_t>(value > 0.5F ? 1 : 0); });
  return pixels;
}

double intersection_over_union(std::span<const std::uint8_t> prediction, const Truth& truth) {
  assert(prediction.size() == truth.labels.size());
  std::size_t both = 0;
  std::size_t either = 0;
  for (std::size_t i = 0; i < prediction.size(); ++i) {
    if (truth.labels[i] == kIgnoredLabel) continue;
    const bool is_object = truth.labels[i] == kObjectLabel;
    const bool is_predicted = prediction[i] != 0;
    both += is_object && is_predicted ? 1 : 0;
    either += is_object || is_predicted ? 1 : 0;
  }
  assert(either > 0);
  return static_cast<double>(both) / static_cast<double>(either);
}

}  // namespace gbrs
