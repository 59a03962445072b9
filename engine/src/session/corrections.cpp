// SPDX-License-Identifier: Apache-2.0
#include "session/corrections.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace gbrs {
namespace {

/// A corrected pixel gets this coverage beyond 0.5, well clear of rounding to 8 bits.
constexpr double kClearance = 0.1;
/// Least reach of a correction in frame pixels: about the network's own grid.
constexpr double kCorrectionReach = 3;
/// What is missing of a depth or an alpha is spread over this share of the click's attention radius: over the grid alone
/// it is a dot in an otherwise smooth map.
constexpr double kSpread = 0.5;
/// How far a matte or a depth map may be from what a click asks for: half a level of 8 bits, or a share of the depth.
constexpr double kAlphaTolerance = 0.5 / 255;
constexpr double kDepthTolerance = 0.001;

cv::Vec2d pixel_centre(double x, double y) { return {std::floor(x) + 0.5, std::floor(y) + 0.5}; }
cv::Vec2d pixel_centre(const Click& click) { return pixel_centre(click.x, click.y); }

/// Whether the click names a value that its pixel should have.
bool has_value(const Click& click) { return click.mode == ClickMode::value; }

bool wants_other(const Click& a, const Click& b) {
  if (!has_value(a) || !has_value(b)) return false;
  return a.target != b.target || a.same_as != b.same_as;
}

double value_at(const Answer::Data& data, double x, double y) {
  return render_map(data, {static_cast<int>(x), static_cast<int>(y), 1, 1}, 1).values[0];
}

double target_of(const Answer::Data& data, const Click& click) {
  return click.same_as ? value_at(data, click.same_as->x, click.same_as->y) : click.target;
}

bool is_obeyed(Task task, double value, double target) {
  switch (task) {
    case Task::segment:
      return (to_u8(static_cast<float>(value)) > 127) == (target > 0);
    case Task::semantic:
      return value == target;
    case Task::matte:
      return std::abs(value - target) <= kAlphaTolerance;
    case Task::depth:
      break;
  }
  return std::abs(value - target) <= kDepthTolerance * std::max(1.0, target);
}

bool is_obeyed(const Answer::Data& data, const Click& click) {
  return is_obeyed(data.task, value_at(data, click.x, click.y), target_of(data, click));
}

/// What is to be added at the click, and to which model.
std::optional<Correction> correction_for(const Answer::Data& data, const Click& click) {
  const double value = value_at(data, click.x, click.y);
  const double target = target_of(data, click);
  if (is_obeyed(data.task, value, target)) return std::nullopt;
  const cv::Vec2d centre = pixel_centre(click);
  Correction correction{.x = centre[0], .y = centre[1]};
  if (data.task == Task::segment) {
    correction.amount = 0.5 + (target > 0 ? kClearance : -kClearance) - value;
  } else if (data.task == Task::semantic) {
    const auto found = std::ranges::find(data.classes, static_cast<int>(target));
    if (found == data.classes.end()) return std::nullopt;
    correction.model = static_cast<std::size_t>(found - data.classes.begin());
    correction.amount = 1 + kClearance;  // more than any probability
  } else {
    correction.amount = target - value;
  }
  return correction;
}

/// How far the correction for click `i` may reach without touching what another click asks for.
double reach_of(const Answer::Data& data, std::size_t i) {
  const Click& click = data.clicks[i];
  const cv::Vec2d centre = pixel_centre(click);
  const bool is_value_map = data.task == Task::matte || data.task == Task::depth;
  double reach = kCorrectionReach / data.frame.scale();
  if (is_value_map) reach = std::max(reach, kSpread * data.verdicts[i].radius);
  const auto keep_off = [&](const cv::Vec2d& place) {
    if (place != centre) reach = std::min(reach, cv::norm(centre - place));
  };
  for (std::size_t j = 0; j < data.clicks.size(); ++j) {
    const Click& other = data.clicks[j];
    if (data.verdicts[j].contradicts || !(is_value_map ? has_value(other) : wants_other(other, click))) continue;
    keep_off(pixel_centre(other));
    if (is_value_map && other.same_as) keep_off(pixel_centre(other.same_as->x, other.same_as->y));
  }
  return std::max(reach, 1.0);
}

}  // namespace

float correction_at(const Correction& correction, double x, double y) {
  const double dx = x - correction.x;
  const double dy = y - correction.y;
  const double rest = 1 - (dx * dx + dy * dy) / (correction.radius * correction.radius);
  return rest > 0 ? static_cast<float>(correction.amount * rest * rest) : 0.0F;
}

std::vector<ClickVerdict> contradictions(std::span<const Click> clicks) {
  std::vector<ClickVerdict> verdicts(clicks.size());
  for (std::size_t i = 0; i < clicks.size(); ++i) {
    verdicts[i].radius = clicks[i].radius.value_or(0);
    for (std::size_t j = i + 1; j < clicks.size(); ++j)
      if (pixel_centre(clicks[i]) == pixel_centre(clicks[j]) && has_value(clicks[i]) && has_value(clicks[j]))
        verdicts[i].contradicts = wants_other(clicks[i], clicks[j]) ? std::optional(j) : std::nullopt;
    verdicts[i].is_satisfied = !verdicts[i].contradicts;
  }
  return verdicts;
}

void add_corrections(Answer::Data& data, const std::vector<bool>& obeyed) {
  for (std::size_t i = 0; i < data.clicks.size(); ++i) {
    const Click& click = data.clicks[i];
    if (data.verdicts[i].contradicts || !has_value(click)) continue;
    auto correction = correction_for(data, click);
    if (!correction) continue;
    correction->radius = reach_of(data, i);
    data.corrections.push_back(*correction);
  }
  for (std::size_t i = 0; i < data.clicks.size(); ++i) {
    const Click& click = data.clicks[i];
    const bool is_satisfied = has_value(click) ? is_obeyed(data, click) : i >= obeyed.size() || obeyed[i];
    data.verdicts[i].is_satisfied = !data.verdicts[i].contradicts && is_satisfied;
  }
}

}  // namespace gbrs
