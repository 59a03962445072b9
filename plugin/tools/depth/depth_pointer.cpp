// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/depth/depth_pointer.hpp"

#include <algorithm>
#include <cmath>

#include "base/translation.hpp"

namespace gbrs::plugin {
namespace {

constexpr Colour kDepthColour{0.10, 0.32, 0.72};
constexpr Colour kNearerColour{0.72, 0.36, 0.02};
constexpr Colour kFartherColour{0.36, 0.16, 0.60};
constexpr double kDigits = 100;  // hundredths
constexpr double kNotch = 1.05;  // a notch of the wheel, but at least a hundredth
constexpr double kLeast = 0.01;

}  // namespace

double rounded_depth(double depth) { return std::round(depth * kDigits) / kDigits; }

std::string DepthPointer::text(double depth) const {
  return unit_.empty() ? formatted("%.2f", depth) : formatted("%.2f %s", depth, unit_.c_str());
}

std::optional<Click> DepthPointer::click(const Answer& answer, Point place, std::optional<double> radius,
                                         bool is_primary) {
  Click click{.x = place.x, .y = place.y, .radius = radius, .target = last_.value_or(0)};
  if (mode_ == DepthMode::push) {
    click.mode = ClickMode::push;
    click.target = is_primary ? kLower : kRaise;
  } else if (is_primary || !last_) {
    const auto proposed = value_at(answer, place);
    if (!proposed) return std::nullopt;
    click.target = std::max(rounded_depth(*proposed), kLeast);
  }
  return click;
}

std::optional<Click> DepthPointer::flipped(const Click& click) const {
  if (click.mode != ClickMode::push) return std::nullopt;
  Click turned = click;
  turned.target = -click.target;
  return turned;
}

std::optional<double> DepthPointer::turned(const Click& click, double notches) const {
  if (!is_depth(click) || notches == 0) return std::nullopt;
  const double wanted = click.target * std::pow(kNotch, notches);
  const double least = notches > 0 ? click.target + kLeast : click.target - kLeast;
  return std::max(rounded_depth(notches > 0 ? std::max(wanted, least) : std::min(wanted, least)), kLeast);
}

MarkerLook DepthPointer::look(const Click& click) const {
  if (click.mode == ClickMode::push) {
    return click.target < 0 ? MarkerLook{Sign::nearer, kNearerColour} : MarkerLook{Sign::farther, kFartherColour};
  }
  return {Sign::dot, kDepthColour, click.same_as ? std::string{} : text(click.target)};
}

MarkerLook DepthPointer::meant_look(bool is_primary) const {
  if (mode_ == DepthMode::push) return look({.target = is_primary ? kLower : kRaise, .mode = ClickMode::push});
  return {Sign::dot, kDepthColour, mode_ == DepthMode::value && !is_primary && last_ ? text(*last_) : std::string{}};
}

std::string DepthPointer::words(const Click& click) const {
  if (click.mode == ClickMode::push) return click.target < 0 ? _("Nearer") : _("Farther");
  if (click.same_as) return formatted(_("As far as %.0f, %.0f"), click.same_as->x, click.same_as->y);
  return text(click.target);
}

}  // namespace gbrs::plugin
