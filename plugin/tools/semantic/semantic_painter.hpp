// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <set>
#include <utility>

#include "base/colour.hpp"
#include "canvas/painter.hpp"

namespace gbrs::plugin {

enum class SemanticView {
  tint,     ///< every kind in its colour, the chosen ones stronger
  outline,  ///< lines between kinds
  chosen,   ///< the chosen ones on black
  colours,  ///< nothing but the kinds' colours
  picture,  ///< nothing
};
inline constexpr int kSemanticViews = 5;

class SemanticPainter final : public Painter {
 public:
  /// `colours` has those of the classes that may be found.
  SemanticPainter(SemanticView view, std::map<int, Colour> colours, std::set<int> chosen)
      : view_(view), colours_(std::move(colours)), chosen_(std::move(chosen)) {}

  Expected<std::vector<OutlinePixel>> paint(const Answer& answer, Rectangle part, double scale,
                                            PixelRows pixels) const override;

 private:
  [[nodiscard]] std::uint32_t inner(int number) const;
  [[nodiscard]] std::uint32_t border(int number) const;

  SemanticView view_;
  std::map<int, Colour> colours_;
  std::set<int> chosen_;
};

}  // namespace gbrs::plugin
