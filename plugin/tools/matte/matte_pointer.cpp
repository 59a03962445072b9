// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/matte/matte_pointer.hpp"

#include <algorithm>
#include <cmath>

#include "base/translation.hpp"

namespace gbrs::plugin {
namespace {

constexpr Colour kAlphaColour{0.10, 0.32, 0.72};
constexpr Colour kUnknownColour{0.35, 0.35, 0.35};
constexpr double kNotch = 0.05;  // of the wheel
constexpr double kDigits = 100;  // hundredths

}  // namespace

double rounded_alpha(double alpha) { return std::round(alpha * kDigits) / kDigits; }

std::string alpha_text(double alpha) { return formatted("%.2f", alpha); }

std::optional<Known> MattePointer::paints(bool is_primary) const {
  switch (mode_) {
    case MatteMode::keep:
      return is_primary ? Known::keep : Known::drop;
    case MatteMode::drop:
      return is_primary ? Known::drop : Known::keep;
    case MatteMode::unknown:
      return Known::unknown;
    case MatteMode::value:
    case MatteMode::pair:
    case MatteMode::push:
      break;
  }
  return std::nullopt;
}

std::optional<Click> MattePointer::click(const Answer&, Point place, std::optional<double> radius, bool is_primary) {
  Click click{.x = place.x, .y = place.y, .radius = radius, .target = is_primary ? alpha_ : 0};
  if (mode_ == MatteMode::push) {
    click.mode = ClickMode::push;
    click.target = is_primary ? kRaise : kLower;
  }
  return click;
}

std::optional<Click> MattePointer::flipped(const Click& click) const {
  if (click.same_as) return std::nullopt;
  Click turned = click;
  turned.target = click.mode == ClickMode::push ? -click.target : 1 - click.target;
  return turned;
}

std::optional<double> MattePointer::turned(const Click& click, double notches) const {
  if (!is_alpha(click) || notches == 0) return std::nullopt;
  return std::clamp(rounded_alpha(click.target + notches * kNotch), 0.0, 1.0);
}

MarkerLook MattePointer::look(const Click& click) const {
  if (click.mode == ClickMode::push) return click.target > 0 ? kIncludeLook : kExcludeLook;
  return {Sign::dot, kAlphaColour, click.same_as ? std::string{} : alpha_text(click.target)};
}

MarkerLook MattePointer::meant_look(bool is_primary) const {
  if (const auto painted = paints(is_primary)) {
    if (*painted == Known::unknown) return {Sign::dot, kUnknownColour};
    return *painted == Known::keep ? kIncludeLook : kExcludeLook;
  }
  if (mode_ == MatteMode::push) return is_primary ? kIncludeLook : kExcludeLook;
  return {Sign::dot, kAlphaColour, mode_ == MatteMode::value ? alpha_text(is_primary ? alpha_ : 0) : std::string{}};
}

std::string MattePointer::words(const Click& click) const {
  if (click.mode == ClickMode::push) return click.target > 0 ? _("More") : _("Less");
  if (click.same_as) return formatted(_("As at %.0f, %.0f"), click.same_as->x, click.same_as->y);
  return alpha_text(click.target);
}

}  // namespace gbrs::plugin
