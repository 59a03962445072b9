// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/semantic/semantic_pointer.hpp"

#include "base/translation.hpp"
#include "tools/semantic/kind_words.hpp"
#include "tools/semantic/kinds.hpp"

namespace gbrs::plugin {
namespace {

constexpr Colour kAsThere{0.25, 0.25, 0.25};

}  // namespace

std::optional<Click> SemanticPointer::click(const Answer& answer, Point place, std::optional<double> radius,
                                            bool is_primary) {
  if (is_primary) return Click{.x = place.x, .y = place.y, .radius = radius, .target = static_cast<double>(picked_)};
  if (const auto number = value_at(answer, place)) on_picked_(static_cast<int>(*number));
  return std::nullopt;
}

std::vector<Click> SemanticPointer::stroke(const Answer& answer, std::span<const Point> places, double radius,
                                           bool is_primary) {
  auto click = this->click(answer, places.front(), radius, is_primary);
  if (!click) return {};
  click->mode = ClickMode::stroke;
  for (const Point place : places.subspan(1)) click->path.push_back({place.x, place.y});
  return {*click};
}

std::optional<Click> SemanticPointer::flipped(const Click& click) const {
  if (!click.same_as && click.target == picked_) return std::nullopt;
  Click turned = click;
  turned.same_as.reset();
  turned.target = picked_;
  return turned;
}

MarkerLook SemanticPointer::look(const Click& click) const {
  if (click.same_as) return {Sign::dot, kAsThere};
  const int number = static_cast<int>(click.target);
  return {Sign::dot, kind_colour(model_, number), kind_words(model_, number)};
}

MarkerLook SemanticPointer::meant_look(bool) const {
  if (takes_pairs_) return {Sign::dot, kAsThere};
  return {Sign::dot, kind_colour(model_, picked_), kind_words(model_, picked_)};
}

std::string SemanticPointer::words(const Click& click) const {
  if (click.same_as) return formatted(_("The same as at %.0f, %.0f"), click.same_as->x, click.same_as->y);
  return kind_words(model_, static_cast<int>(click.target));
}

}  // namespace gbrs::plugin
