// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/semantic/semantic_painter.hpp"

#include <array>

namespace gbrs::plugin {
namespace {

constexpr double kChosenOpacity = 0.6;
constexpr double kOtherOpacity = 0.25;

// Whether a neighbour in the rendered part is of another kind.
bool is_border(const Map& labels, int x, int y) {
  const float here = labels.at(x, y);
  for (const auto& [dx, dy] : {std::pair{-1, 0}, {1, 0}, {0, -1}, {0, 1}}) {
    const int u = x + dx;
    const int v = y + dy;
    if (u >= 0 && v >= 0 && u < labels.width && v < labels.height && labels.at(u, v) != here) return true;
  }
  return false;
}

}  // namespace

std::uint32_t SemanticPainter::inner(int number) const {
  const auto colour = colours_.find(number);
  const bool is_chosen = chosen_.contains(number);
  if (colour == colours_.end()) return 0;
  switch (view_) {
    case SemanticView::tint:
      return argb(colour->second, is_chosen ? kChosenOpacity : kOtherOpacity);
    case SemanticView::chosen:
      return is_chosen ? 0 : argb(Colour{}, 1);
    case SemanticView::colours:
      return argb(colour->second, 1);
    case SemanticView::outline:
    case SemanticView::picture:
      break;
  }
  return 0;
}

// Of one that is chosen bright, so that it is seen which ones are.
std::uint32_t SemanticPainter::border(int number) const {
  const auto colour = colours_.find(number);
  if (colour == colours_.end()) return 0;
  switch (view_) {
    case SemanticView::tint:
      return chosen_.contains(number) ? argb(255, 255, 255, 255) : argb(colour->second, 1);
    case SemanticView::outline:
      return argb(colour->second, 1);
    default:
      return inner(number);
  }
}

Expected<std::vector<OutlinePixel>> SemanticPainter::paint(const Answer& answer, Rectangle part, double scale,
                                                           PixelRows pixels) const {
  const auto labels = answer.render(part, scale);
  if (!labels) return std::unexpected(labels.error());
  std::map<int, std::array<std::uint32_t, 2>> words;
  for (const int number : answer.classes()) words[number] = {inner(number), border(number)};
  for (int y = 0; y < labels->height; ++y) {
    for (int x = 0; x < labels->width; ++x) {
      const auto& [within, beside] = words[static_cast<int>(labels->at(x, y))];
      pixels.row(y)[x] = within != beside && is_border(*labels, x, y) ? beside : within;
    }
  }
  return {};
}

}  // namespace gbrs::plugin
